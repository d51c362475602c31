import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCode } from '../../../../widget/element/highlight/read-code.ts';

const LANGUAGES = ['ts', 'python', 'sql', 'html', 'css', 'yaml', 'diff'];

/** The runs that have a kind, each as `kind text`. */
const kinds = (code: string, language: string) =>
  readCode(code, language).flatMap(({ kind, text }) => (kind ? [`${kind} ${text}`] : []));

test.each([
  ['ts', 'const a = run(1); // once', ['keyword const', 'name run', 'number 1', 'comment // once']],
  ['js', 'x = `a\n${b}` + /* c\nd */ "e\\"f"', ['string `a\n${b}`', 'comment /* c\nd */', 'string "e\\"f"']],
  ['python', 'def f(): # why\n  """a\n"""', ['keyword def', 'name f', 'comment # why', 'string """a\n"""']],
  ['bash', 'npm run x --if-present $HOME', ['name --if-present', 'name $HOME']],
  [
    'SQL',
    "SELECT id FROM t WHERE n = 'x' -- y",
    ['keyword SELECT', 'keyword FROM', 'keyword WHERE', "string 'x'", 'comment -- y'],
  ],
  [
    'html',
    '<a href="x">don\'t</a>',
    ['keyword <a', 'name href', 'string "x"', 'keyword >', 'keyword </a', 'keyword >'],
  ],
  ['css', 'a { color: #fff; } /* x */', ['name color', 'number #fff', 'comment /* x */']],
  ['json', '{"a": [1, true, "b"]}', ['name "a"', 'number 1', 'keyword true', 'string "b"']],
  ['yaml', 'on:\n  - push: 1 # x', ['name on', 'name   - push', 'number 1', 'comment # x']],
  ['diff', '@@ -1 +1 @@\n-old\n+new\n same', ['comment @@ -1 +1 @@', 'minus -old', 'plus +new']],
])('reads %s', (language, code, expected) => {
  expect(kinds(code, language)).toEqual(expected);
});

test('ends a string that is still arriving at its line', () => {
  expect(kinds('a = "open\nlet b', 'ts')).toEqual(['string "open', 'keyword let']);
});

test('leaves code of a language that it does not know, and code that is too long, in one piece', () => {
  expect(readCode('let x', 'klingon')).toEqual([{ text: 'let x' }]);
  expect(readCode('let x', '__proto__')).toEqual([{ text: 'let x' }]);
  expect(readCode('let x;'.repeat(10_000), 'ts')).toHaveLength(1);
});

test('gives the code back as it came, whatever it is', () => {
  const pieces = fc.constantFrom(
    '"',
    "'",
    '`',
    '/*',
    '*/',
    '//',
    '#',
    '"""',
    '<',
    '<!--',
    '-->',
    '=',
    '\\',
    '\n',
    '1',
    'if',
    ' ',
    '-',
    '𝄞',
  );
  fc.assert(
    fc.property(fc.constantFrom(...LANGUAGES), fc.array(pieces, { maxLength: 40 }), (language, given) => {
      const code = given.join('');
      expect(
        readCode(code, language)
          .map(({ text }) => text)
          .join(''),
      ).toBe(code);
    }),
  );
});

// A pattern that looks again at each letter would take minutes for these.
test('takes a time that grows with the code and not faster', () => {
  const started = performance.now();
  for (const language of LANGUAGES)
    for (const piece of [
      'a',
      '-',
      '"',
      "'",
      '`',
      ' ',
      '\n',
      '/',
      '/*',
      '<',
      '<!',
      '#',
      '\\',
      '[',
      '1',
      '=',
      'a ',
      'a.',
      '- ',
    ])
      readCode(piece.repeat(Math.floor(49_999 / piece.length)), language);
  expect(performance.now() - started).toBeLessThan(5_000);
});
