// A copy button on every listing: the little script of its own that any documentation site has.
for (const listing of document.querySelectorAll('pre')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', () => void copy(listing, button));
  const box = document.createElement('div');
  box.className = 'listing';
  listing.replaceWith(box);
  box.append(listing, button);
}

async function copy(listing, button) {
  try {
    await navigator.clipboard.writeText(listing.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2000);
}
