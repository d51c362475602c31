import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redactor } from '../../../../server/agent/mcp/redactor.ts';

const SECRET = 'tok+en/with=marks&and ümlaut-4f9a2c';
const bytes = Buffer.from(SECRET);

/** In pieces, as a model streams it. */
function redact(text: string, cuts: number[] = []): string {
  const redactor = new Redactor([SECRET]);
  const ends = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  const pieces = [0, ...ends].map((start, index) => text.slice(start, ends[index]));
  return pieces.map((piece) => redactor.push(piece)).join('') + redactor.flush();
}

const SPELLINGS: [string, string][] = [
  ['as it is', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in hexadecimal', bytes.toString('hex')],
  ['in large hexadecimal', bytes.toString('hex').toUpperCase()],
  ['in base64', bytes.toString('base64')],
  ['in base64 of URLs', bytes.toString('base64url')],
  ['in base64, after one byte', Buffer.from(`:${SECRET}`).toString('base64')],
  ['in base64, after a scheme', Buffer.from(`Bearer ${SECRET}, please`).toString('base64')],
  ['in base64 of URLs, after a name', Buffer.from(`token=${SECRET}`).toString('base64url')],
];

describe('G27 a credential', () => {
  test.each(SPELLINGS)('%s is removed, cut anywhere', (_, spelling) => {
    const text = `It is ${spelling} and again (${spelling}).`;
    const whole = redact(text);
    expect(whole.match(/\[removed\]/g)).toHaveLength(2);
    // Of base64 the characters that it shares with its neighbours stay, and no more.
    for (let from = 0; from + 12 <= spelling.length; from += 1)
      if (!/^(?:Bearer|token=)/.test(Buffer.from(spelling, 'base64').toString().slice(0, 6)))
        expect(whole).not.toContain(spelling.slice(from, from + 12));
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        expect(redact(text, cuts)).toBe(whole);
      }),
    );
  });

  test.each(SPELLINGS.slice(0, 6))(
    '%s that breaks off is removed, and what only looks like it stays',
    (_, spelling) => {
      expect(redact(`It is ${spelling.slice(0, 20)}`, [9])).toBe('It is [removed]');
      expect(redact(`It is ${spelling.slice(0, 4)}`, [9])).toBe(`It is ${spelling.slice(0, 4)}`);
      expect(redact(`It is ${spelling.slice(0, 20)}? No.`, [9])).toBe(`It is ${spelling.slice(0, 20)}? No.`);
    },
  );

  test('is looked for without holding other text back', () => {
    const redactor = new Redactor([SECRET]);
    expect(redactor.push('The tickets are ')).toBe('The tickets are ');
    expect(redactor.push('to')).toBe('');
    expect(redactor.push('o many.')).toBe('too many.');
    expect(redactor.flush()).toBe('');
  });

  test('of one letter takes that letter out, and nothing is put between the others', () => {
    const redactor = new Redactor(['~']);
    expect(redactor.push('So ~ it is.') + redactor.flush()).toBe('So [removed] it is.');
  });
});
