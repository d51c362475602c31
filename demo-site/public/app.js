// A single-page app in the small: three views, one document. A click changes address, title and contents.
const VIEWS = {
  '/app': {
    title: 'Parcels - Pelorin app',
    heading: 'Parcels',
    paragraphs: [
      'Forty-two parcels left today; three wait for a customs form.',
      'Parcel PE-7719 is held at the depot in Linz because the lift there is broken. It goes on at 15:40.',
    ],
  },
  '/app/carriers': {
    title: 'Carriers - Pelorin app',
    heading: 'Carriers',
    paragraphs: [
      'Five of nine carriers are switched on.',
      'Blaumeer Express is the fastest this month: 1.3 days on average. Its contract ends on 30 September.',
    ],
  },
  '/app/team': {
    title: 'Team - Pelorin app',
    heading: 'Team',
    paragraphs: [
      'Seven people have access. Only owners may refund.',
      'Jonna Reet is the owner of this account; her deputy until May is Tomasz Wilk.',
    ],
  },
};

const view = document.querySelector('#view');
const links = document.querySelectorAll('#views a');

function show(path, isNavigation) {
  const { title, heading, paragraphs } = VIEWS[path] ?? VIEWS['/app'];
  document.title = title;
  const headline = document.createElement('h1');
  headline.textContent = heading;
  headline.tabIndex = -1;
  const texts = paragraphs.map((text) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = text;
    return paragraph;
  });
  view.replaceChildren(headline, ...texts);
  for (const link of links) {
    if (link.pathname === path) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  // A reader of the screen learns of the new view where a page load would have told it.
  if (isNavigation) headline.focus({ preventScroll: true });
}

for (const link of links) {
  link.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, '', link.pathname);
    show(link.pathname, true);
  });
}
addEventListener('popstate', () => show(location.pathname, true));
show(location.pathname, false);
