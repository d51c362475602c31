import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PassagePlace } from '../../../protocol/page-tools.ts';
import { linkedPassage } from '../../../widget/panel/linked-passage.ts';

const HERE = 'https://kettles.example/manual';

beforeEach(() => {
  (window as never as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(`${HERE}?chapter=2#intro`);
});
afterEach(() => document.body.replaceChildren());

/** What a click on the words of a link, in a shadow root as the element's are, leads to. */
function click(href: string, init: MouseEventInit = {}): PassagePlace | undefined {
  const host = document.createElement('div');
  const link = document.createElement('a');
  link.href = href;
  const words = document.createElement('b');
  link.append(words);
  host.attachShadow({ mode: 'open' }).append(link);
  document.body.append(host);
  let place: PassagePlace | undefined;
  // On the innermost node, because this DOM follows a link before the nodes around it hear of the click.
  words.addEventListener('click', (event) => {
    place = linkedPassage(event);
    event.preventDefault();
  });
  words.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, ...init }));
  return place;
}

it.each([
  ['the words', `${HERE}#:~:text=One%20two%2C%20three%2Dfour`, { text: 'One two, three-four' }],
  ['behind a fragment', `${HERE}#part:~:text=One`, { text: 'One' }],
  ['between a prefix and a suffix', `${HERE}#:~:text=before-,One,last,-after`, { text: 'One' }],
  ['of the first of two', `${HERE}#:~:text=One&text=Two`, { text: 'One' }],
  ['whatever the query is', `${HERE}?other=1#:~:text=One`, { text: 'One' }],
  ['not of another page', 'https://kettles.example/other#:~:text=One', undefined],
  ['not of another origin', 'https://elsewhere.example/manual#:~:text=One', undefined],
  ['not of a link to the page itself', HERE, undefined],
  ['not of an empty directive', `${HERE}#:~:text=`, undefined],
  ['not of one that cannot be decoded', `${HERE}#:~:text=%E0%A4%A`, undefined],
])('a link gives %s', (_title, href, expected) => {
  expect(click(href)).toEqual(expected);
});

it.each([
  ['Control', { ctrlKey: true }],
  ['Command', { metaKey: true }],
  ['Shift', { shiftKey: true }],
  ['Alt', { altKey: true }],
  ['the second button', { button: 1 }],
])('a click with %s is the browser’s', (_title, init) => {
  expect(click(`${HERE}#:~:text=One`, init)).toBeUndefined();
});
