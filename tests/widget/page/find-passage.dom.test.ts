import { afterEach, describe, expect, it } from 'vitest';
import { findPassage } from '../../../widget/page/find-passage.ts';

afterEach(() => {
  document.body.innerHTML = '';
});

/** The words that were found, piece by piece as the page's text nodes part them. */
function found(body: string, place: { text?: string; heading?: string }): string[] {
  document.body.innerHTML = body;
  return findPassage(place, document).map(String);
}

describe('the words of a passage', () => {
  it.each([
    [
      'across inline elements',
      '<p>One <b>two <i>three</i></b>\n  four.</p>',
      'One two three four.',
      'Onetwothreefour.',
    ],
    ['within more words', '<p>Before. One\u00ad two. After.</p>', 'One two.', 'Onetwo.'],
    ['over the lines of a list', '<ul><li>one</li><li><p>two</p></li></ul><p>no</p>', '- one\n- two', 'onetwo'],
    ['as a term and its definition', '<dl><dt>Default</dt><dd>500</dd></dl>', '- Default: 500', 'Default500'],
    [
      'as a row of a table',
      '<table><tr><td>EU|EEA, all</td><td>2</td></tr></table>',
      '| EU\\|EEA, all | 2 |',
      'EU|EEA,all2',
    ],
    ['in code', '<pre><code>a  b\n  <span>c</span>;</code></pre>', '```\na  b\n  c;\n```', 'abc;'],
    ['in a quotation', '<blockquote><p>Said.</p></blockquote>', '> Said.', 'Said.'],
    ['like a heading', '<p># is a number sign</p>', '\\# is a number sign', '#isanumbersign'],
    [
      'without what was redacted',
      '<p>Write to ann@example.org or better call us.</p>',
      'Write to [mail] or better call us.',
      'orbettercallus.',
    ],
    ['in Japanese', '<p>保証期間は<b>41</b>か月です。</p>', '保証期間は41か月です。', '保証期間は41か月です。'],
  ])('are found %s', (_, body, text, expected) => {
    expect(
      found(`<main><p>Other.</p>${body}</main>`, { text })
        .join('')
        .replace(/[\s\u00ad]/g, ''),
    ).toBe(expected);
  });

  it('are those under the heading', () => {
    const body = '<main><h2>Solo</h2><p>Yes.</p><h2>Team <a href="#team">#</a></h2><p>Yes.</p></main>';
    document.body.innerHTML = body;
    const [range] = findPassage({ text: 'Yes.', heading: 'Team' }, document);
    expect(range?.startContainer.parentElement).toBe(document.querySelectorAll('p')[1]);
    expect(found(body, { text: 'Yes.', heading: 'Gone' })).toEqual(['Yes.']);
  });

  it('give way to the heading when they are not there any more', () => {
    const body = '<main><p>About Team and more.</p><h2>Team</h2><p>New words.</p></main>';
    document.body.innerHTML = body;
    const [range] = findPassage({ text: 'Old words.', heading: 'Team' }, document);
    expect(range?.startContainer.parentElement?.localName).toBe('h2');
    expect(found(body, { heading: 'Team' })).toEqual(['Team']);
    expect(found(body, { text: 'Old words.', heading: 'Gone' })).toEqual([]);
  });

  it('are not taken from far away when a line of them is missing', () => {
    const filler = '<p>filler words that part them</p>'.repeat(30);
    expect(found(`<main><p>first</p>${filler}<p>x</p></main>`, { text: '- first\n- x' })).toEqual(['first']);
  });
});

describe('what is not found', () => {
  it.each([
    '<p hidden>SECRET</p>',
    '<p style="display:none">SECRET</p>',
    '<p data-private>SECRET</p>',
    '<textarea>SECRET</textarea>',
    '<nav>SECRET</nav>',
  ])('%s', (body) => {
    expect(found(`<main>${body}</main>`, { text: 'SECRET' })).toEqual([]);
    expect(found(`<main>${body}<p>SECRET</p></main>`, { text: 'SECRET' })).toEqual(['SECRET']);
  });

  it('anything on a page without words', () => {
    expect(found('', { text: 'x', heading: 'y' })).toEqual([]);
    expect(found('<main>x</main>', {})).toEqual([]);
  });
});

it('finds what a slot takes into an open shadow root', () => {
  document.body.innerHTML = '<main><x-card><p>Seen.</p></x-card></main>';
  const shadow = document.querySelector('x-card')?.attachShadow({ mode: 'open' });
  if (shadow) shadow.innerHTML = '<h2>Card</h2><slot></slot>';
  expect(findPassage({ text: 'Seen.', heading: 'Card' }, document).map(String)).toEqual(['Seen.']);
  expect(findPassage({ heading: 'Card' }, document).map(String)).toEqual(['Card']);
});
