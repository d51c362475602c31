import { expect, test } from 'vitest';
import { displayName } from '../../../server/files/display-name.ts';

test.each([
  ['Rechnung März.pdf', 'Rechnung März.pdf'],
  ['請求書 👩‍💻.pdf', '請求書 👩‍💻.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\a.txt', 'a.txt'],
  ['a\u0000b\r\nc\u007f.txt', 'abc.txt'],
  ['invoice\u202egpj.exe', 'invoicegpj.exe'],
  ['  a \t b.txt ', 'a b.txt'],
  ['half \ud83d.txt', 'half �.txt'],
  ['', 'file'],
  ['..', 'file'],
  ['/', 'file'],
  ['con.png', 'con.png'],
])('S14 %j is shown as %j', (given, shown) => {
  expect(displayName(given)).toBe(shown);
});

test('S14 a long one is cut before its ending', () => {
  const shown = displayName(`${'n'.repeat(300)}.markdown`);
  expect(shown).toBe(`${'n'.repeat(110)}….markdown`);
  expect(shown).toHaveLength(120);
  expect(displayName('🧵'.repeat(200)).isWellFormed()).toBe(true);
  expect(displayName('x'.repeat(300)).length).toBe(120);
});
