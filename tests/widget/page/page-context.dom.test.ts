import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPageContext } from '../../../widget/page/page-context.ts';

const CARD = '4111 1111 1111 1111';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXZhbHVl';

function page(body: string, head = ''): void {
  document.head.innerHTML = head;
  document.body.innerHTML = body;
}

function textOf(body: string, question = ''): string {
  page(body);
  return readPageContext({ level: 'page', question })?.text ?? '';
}

beforeEach(() => {
  // The reader stops after its share of 50 ms; happy-dom is a hundred times slower than a browser.
  vi.spyOn(performance, 'now').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
  page('');
  document.documentElement.removeAttribute('lang');
  window.getSelection()?.removeAllRanges();
  Reflect.deleteProperty(window.navigator, 'globalPrivacyControl');
});

describe('what identifies the page', () => {
  it('reads title, description, headings and language', () => {
    page(
      '<main><h1>Plans <a href="#plans">#</a></h1><h4>No</h4><h2>Free</h2></main>',
      '<title>Plans\n  - Tern</title><meta name="description" content="What it costs.">',
    );
    document.documentElement.lang = 'en-GB';
    expect(readPageContext({ level: 'basic', question: '' })).toMatchObject({
      title: 'Plans - Tern',
      description: 'What it costs.',
      headings: ['Plans', 'Free'],
      lang: 'en-GB',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('names at most five headings, h1 to h3', () => {
    page(`<main>${'<h2>Part</h2><h5>Small</h5>'.repeat(7)}</main>`);
    expect(readPageContext({ level: 'basic', question: '' })?.headings).toEqual(Array(5).fill('Part'));
  });

  it('gives nothing at level off, and no text at level basic', () => {
    page('<main><p>Words.</p></main>');
    expect(readPageContext({ level: 'off', question: '' })).toBeUndefined();
    expect(readPageContext({ level: 'basic', question: '' })).not.toHaveProperty('text');
  });

  it('F17 keeps origin and path of its address and of the canonical one', () => {
    page('', '<link rel="canonical" href="https://docs.example/guide?code=abc#access_token=xyz">');
    const location = new URL('https://u:p@docs.example/guide/a%20b?code=abc#access_token=xyz');
    const window = { ...fakeWindow(), location } as unknown as Window;
    const context = readPageContext({ level: 'page', question: '', window });
    expect(context).toMatchObject({
      url: 'https://docs.example/guide/a%20b',
      path: '/guide/a%20b',
      canonical: 'https://docs.example/guide',
    });
    expect(JSON.stringify(context)).not.toMatch(/abc|xyz|referrer/);
  });

  it('F23 is at most basic under Global Privacy Control', () => {
    page('<main><h1>Title</h1><p>Words.</p></main>');
    Object.defineProperty(window.navigator, 'globalPrivacyControl', { value: true, configurable: true });
    const context = readPageContext({ level: 'page', question: '' });
    expect(context?.headings).toEqual(['Title']);
    expect(context).not.toHaveProperty('text');
    expect(readPageContext({ level: 'off', question: '' })).toBeUndefined();
  });
});

describe('the shape of the text', () => {
  it.each([
    [
      'headings and paragraphs',
      '<h1>A</h1><p>One <b>two</b>\n three.</p><h2>B</h2>loose',
      '# A\n\nOne two three.\n\n## B\n\nloose',
    ],
    ['lists', '<ul><li>one<ul><li>inner</li></ul></li><li><p>two</p></li></ul>', '- one\n  - inner\n- two'],
    ['numbered lists', '<ol start="3"><li>c</li><li>d</li></ol>', '3. c\n4. d'],
    [
      'definitions',
      '<dl><dt>Default</dt><dd>500</dd><dt>Max</dt><dd><p>900</p></dd></dl>',
      '- Default: 500\n- Max: 900',
    ],
    [
      'tables under their column names',
      '<table><thead><tr><th>Plan</th><th>Price</th></tr></thead><tbody><tr><td>Solo</td><td>$4|month</td></tr></tbody></table>',
      '| Plan | Price |\n| Solo | $4\\|month |',
    ],
    [
      'spanned cells',
      '<table><tr><th>Zone</th><th>Days</th></tr><tr><td rowspan="2">EU</td><td>2</td></tr><tr><td>3</td></tr></table>',
      '| Zone | Days |\n| EU | 2 |\n| EU | 3 |',
    ],
    ['tables without column names', '<table><tr><th>Weight</th><td>3 kg</td></tr></table>', '- Weight: 3 kg'],
    ['layout tables', '<table role="presentation"><tr><td><p>One</p></td><td>Two</td></tr></table>', 'One\n\nTwo'],
    ['code', '<pre><code>a  b\n  c``` d</code></pre>', '````\na  b\n  c``` d\n````'],
    ['code in lines', '<pre><div>a</div><div>b</div></pre>', '```\na\nb\n```'],
    ['quotations', '<blockquote><p>Said.</p></blockquote>', '> Said.'],
    ['folded answers', '<details><summary>Why?</summary><p>Because.</p></details>', 'Why?\nBecause.'],
    ['captions', '<figure><img alt="planted"><figcaption>Fig. 1</figcaption></figure>', 'Fig. 1'],
    ['look-alikes', '<p># not a heading</p><p>``` not code</p>', '\\# not a heading\n\n\\``` not code'],
  ])('writes %s', (_, body, expected) => {
    expect(textOf(`<main>${body}</main>`)).toBe(expected);
  });

  it('takes main before article before the body without its frame', () => {
    const frame = '<header>H</header><nav>N</nav><aside>A</aside><div>loose</div><footer>F</footer>';
    expect(textOf(frame)).toBe('loose');
    expect(textOf(`${frame}<article>one</article><article>two</article>`)).toBe('one\n\ntwo');
    expect(textOf(`${frame}<article>one</article><main>words<nav>toc</nav><aside>note</aside></main>`)).toBe(
      'words\n\nnote',
    );
  });
});

describe('what is never read', () => {
  it.each([
    ['F14', '<input type="password" value="SECRET"><input type="hidden" value="SECRET"><input value="SECRET">'],
    ['F14', '<input autocomplete="cc-number" value="SECRET"><input autocomplete="one-time-code" value="SECRET">'],
    ['F14', '<textarea>SECRET</textarea><select><option selected>SECRET</option></select><output>SECRET</output>'],
    [
      'F14',
      '<div contenteditable>SECRET</div><div contenteditable="plaintext-only">SECRET</div><div role="textbox">SECRET</div>',
    ],
    ['F15', '<div data-private>SECRET<p>SECRET</p></div>'],
    ['F15', '<section><div><span data-private="">SECRET</span></div></section>'],
    ['F15', '<table><tr><td data-private>SECRET</td></tr></table><h2 data-private>SECRET</h2>'],
    ['F16', '<p style="display:none">SECRET</p><p style="visibility:hidden">SECRET</p><p hidden>SECRET</p>'],
    [
      'F16',
      '<template><p>SECRET</p></template><noscript>SECRET</noscript><!-- SECRET --><p aria-hidden="true">SECRET</p>',
    ],
    ['F16', '<script id="__NEXT_DATA__" type="application/json">{"a":"SECRET"}</script><style>/*SECRET*/</style>'],
    ['F16', '<img alt="SECRET"><p title="SECRET" data-x="SECRET"></p><svg><text>SECRET</text></svg>'],
    [
      'F16',
      '<footer>SECRET</footer><nav>SECRET</nav><div role="navigation">SECRET</div><pagewise-widget>SECRET</pagewise-widget>',
    ],
    ['F22', '<iframe>SECRET</iframe><object>SECRET</object>'],
  ])('%s %s', (_, body) => {
    page(`<main><h1>Seen</h1>${body}<p>Also seen.</p></main>`);
    const context = readPageContext({ level: 'page', question: 'SECRET' });
    expect(context?.text).toContain('Also seen.');
    expect(JSON.stringify(context)).not.toContain('SECRET');
  });

  it('F15 nothing of a main that lies in a private element', () => {
    page('<div data-private><main><h1>SECRET</h1></main></div><p>Seen.</p>');
    const context = readPageContext({ level: 'page', question: '' });
    expect(context?.text).toBe('Seen.');
    expect(context?.headings).toEqual([]);
  });

  it('F15 nothing of what a private element of a shadow tree takes in through its slot', () => {
    page('<main><x-card><p slot="secret">SECRET</p><p>Seen.</p></x-card></main>');
    const shadow = document.querySelector('x-card')?.attachShadow({ mode: 'open' });
    if (shadow) shadow.innerHTML = '<h2>Card</h2><div data-private><slot name="secret"></slot></div><slot></slot>';
    expect(readPageContext({ level: 'page', question: '' })?.text).toBe('## Card\n\nSeen.');
  });

  it('a selection within private nodes or fields', () => {
    page(
      '<main><p id="a">from here</p><p data-private>SECRET</p><textarea>SECRET</textarea><p id="b">to here</p></main>',
    );
    select('#a', '#b');
    expect(readPageContext({ level: 'page', question: '' })?.selection).toBe('from here\nto here');
    select('[data-private]', '[data-private]');
    expect(readPageContext({ level: 'page', question: '' })).not.toHaveProperty('selection');
  });
});

describe('F18 redaction before anything leaves', () => {
  it('covers every field', () => {
    page(
      `<main><h1>${CARD}</h1><p id="a">${CARD} ${TOKEN} ann@example.org</p></main>`,
      `<title>${CARD}</title><meta name="description" content="${TOKEN}"><link rel="canonical" href="/to/ann@example.org">`,
    );
    document.documentElement.lang = CARD;
    select('#a', '#a');
    const location = new URL(`https://docs.example/ann%40example.org/${TOKEN}/x`);
    const window = { ...fakeWindow(), location } as unknown as Window;
    const context = readPageContext({ level: 'page', question: '', window });
    expect(context).toMatchObject({
      url: 'https://docs.example/[mail]/[token]/x',
      title: '[card]',
      description: '[token]',
      headings: ['[card]'],
      selection: '[card] [token] [mail]',
      text: '# [card]\n\n[card] [token] [mail]',
    });
    expect(JSON.stringify(context)).not.toMatch(/4111|eyJ|ann/);
  });

  it('keeps an address that the page offers as a mailto link', () => {
    const link = '<a href="mailto:Help@example.org?subject=x">help@example.org</a>';
    expect(textOf(`<main><p>Write to ${link}, not to ann@example.org.</p></main>`)).toBe(
      'Write to help@example.org, not to [mail].',
    );
  });

  it('is not fooled by signs that nobody sees', () => {
    expect(textOf(`<main><p>4111\u200b 1111\u00ad 1111 \u20601111</p><p>a\u{e0041}\u{e0042}b\u202e</p></main>`)).toBe(
      '[card]\n\nab',
    );
  });
});

describe('a long page', () => {
  it('F20 gives the passages nearest to the question, whole, under their headings', () => {
    const parts = Array.from({ length: 80 }, (_, index) => section(index));
    parts[61] = '<h2>Returns</h2><p>A kettle can be returned within 41 days.</p>';
    const text = textOf(`<main><h1>Manual</h1>${parts.join('')}</main>`, 'how many days to return the kettle?');
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(24 * 1024);
    expect(text).toContain('## Returns\n\nA kettle can be returned within 41 days.');
    expect(text.startsWith('# Manual\n\n')).toBe(true);
    for (const block of text.split('\n\n')) expect(block).toMatch(/^(#|A kettle|plain filler words .* words$)/);
  });

  it.each([
    ['long', 5],
    ['so long that only parts of it are looked at', 10],
  ])('says of a page that is %s that it gives a part, and names all its sections', (_, paragraphs) => {
    const parts = Array.from({ length: 30 }, (_section, index) => section(index, paragraphs));
    page(`<main><h1>Manual</h1>${parts.join('')}</main>`);
    const context = readPageContext({ level: 'page', question: 'words of part 7' });
    expect(context?.partial).toBe(true);
    const headings = [...(context?.text ?? '').matchAll(/^## Part (\d+)$/gm)].map(([, number]) => Number(number));
    expect(headings).toEqual(parts.map((_, index) => index));
    page('<main><h1>Manual</h1><p>Short.</p></main>');
    expect(readPageContext({ level: 'page', question: '' })).not.toHaveProperty('partial');
  });

  it('is read for what the model looks for too, wherever that stands', () => {
    const parts = Array.from({ length: 80 }, (_, index) => section(index));
    parts[2] = '<h2>Returns</h2><p>A kettle can be returned within 41 days.</p>';
    parts[40] = '<h2>Guarantee</h2><p>We mend what breaks for 30 months.</p>';
    page(`<main><h1>Manual</h1>${parts.join('')}</main>`);
    const question = 'how many days to return the kettle?';
    const first = readPageContext({ level: 'page', question })?.text;
    expect(first).toContain('within 41 days');
    expect(first).not.toContain('30 months');
    const again = readPageContext({ level: 'page', question, queries: ['guarantee'] })?.text ?? '';
    expect(again).toContain('within 41 days');
    expect(again).toContain('## Guarantee\n\nWe mend what breaks for 30 months.');
    expect(new TextEncoder().encode(again).length).toBeLessThanOrEqual(24 * 1024);
  });

  it('that takes too long to read is a part too, and is read for longer when that is awaited', () => {
    const filler = '<p>plain filler words</p>'.repeat(600);
    page(`<main><h2>First</h2>${filler}<h2>Last</h2><h3>Of all</h3><p>The end.</p></main>`);
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      clock += 15;
      return clock;
    });
    const first = readPageContext({ level: 'page', question: '' });
    expect(first?.partial).toBe(true);
    expect(first?.text).not.toContain('The end.');
    expect(first?.text).toMatch(/^## First\n\n.*\n\n## Last\n\n### Of all$/s);
    const again = readPageContext({ level: 'page', question: '', isAwaited: true });
    expect(again).not.toHaveProperty('partial');
    expect(again?.text).toContain('The end.');
  });

  it('F20 finds Chinese and Japanese passages', () => {
    const filler = '<p>これは長い説明の段落です。特別な内容はありません。这是一段没有特别内容的说明。</p>'.repeat(700);
    const text = textOf(`<main>${filler}<p>退货期限为四十一天。</p>${filler}</main>`, '退货期限是多久？');
    expect(text).toContain('退货期限为四十一天。');
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(24 * 1024);
  });
});

describe('a broken page', () => {
  it('reads what it can of nodes whose properties are shadowed', () => {
    page('<main><p>Before.</p><form><input name="localName"><p>inside</p></form><p>After.</p></main>');
    expect(readPageContext({ level: 'page', question: '' })?.text).toContain('Before.');
  });

  it('answers without a body', () => {
    page('');
    document.body.remove();
    expect(readPageContext({ level: 'page', question: '' })).toMatchObject({ headings: [] });
    document.documentElement.append(document.createElement('body'));
  });
});

function fakeWindow() {
  return {
    navigator: window.navigator,
    innerHeight: 800,
    getSelection: () => document.getSelection(),
  };
}

function select(from: string, to: string): void {
  const range = document.createRange();
  range.setStart(document.querySelector(from)?.firstChild as Node, 0);
  const last = document.querySelector(to)?.firstChild as Text;
  range.setEnd(last, last.data.length);
  window.getSelection()?.removeAllRanges();
  window.getSelection()?.addRange(range);
}

function section(index: number, paragraphs = 4): string {
  return `<h2>Part ${index}</h2>${`<p>${'plain filler words '.repeat(12)}</p>`.repeat(paragraphs)}`;
}
