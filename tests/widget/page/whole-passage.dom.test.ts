import { afterEach, expect, it } from 'vitest';
import { findPassage } from '../../../widget/page/find-passage.ts';
import { wholePassage } from '../../../widget/page/whole-passage.ts';

afterEach(() => {
  document.body.innerHTML = '';
});

it.each([
  ['a paragraph', '<p>Before. One <b>two</b> three. Four.</p><p>Next.</p>', 'One two', 'One two three. Four.'],
  ['an entry, without the list in it', '<ul><li>One two.<ul><li>Inner.</li></ul></li></ul>', 'One two', 'One two.'],
  ['an entry of the list in it', '<ul><li>Outer.<ul><li>One two.</li></ul> End.</li></ul>', 'One', 'One two.'],
  ['a row', '<table><tr><td>One</td><td>2</td></tr><tr><td>Three</td></tr></table>', 'One', 'One2'],
  ['a listing', '<pre>one\ntwo</pre>', 'one', 'one\ntwo'],
  ['what is no block', '<div>One two. <span>Three.</span></div>', 'One', 'One'],
  ['a block too long to be one passage', `<p>One two. ${'More. '.repeat(400)}</p>`, 'One two.', 'One two.'],
])('%s', (_title, body, text, whole) => {
  document.body.innerHTML = body;
  expect(wholePassage(findPassage({ text }, document)).map(String)).toEqual([whole]);
});

it('nothing of what was not found', () => {
  expect(wholePassage([])).toEqual([]);
});
