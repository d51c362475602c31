import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../widget/page/redact.ts';

describe('F18 redact', () => {
  it.each([
    ['4111111111111111', '[card]'],
    ['pay 4111-1111-1111-1111 now', 'pay [card] now'],
    ['order 2024 5500 0000 0000 0004 of 12', 'order 2024 [card] of 12'],
    ['378282246310005 and 4242 4242 4242 4242', '[card] and [card]'],
    ['IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF', 'IBAN [iban] BIC COBADEFF'],
    ['GB29NWBK60161331926819 FR1420041010050500013M02606', '[iban] [iban]'],
    ['de89370400440532013000', '[iban]'],
    ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.', '[token]'],
    ['AKIAIOSFODNN7EXAMPLE', '[key]'],
    ['sk-proj-abcdefghij0123456789', '[key]'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[key]'],
    ['Authorization: Bearer 0123456789abcdef0123', 'Authorization: Bearer [token]'],
    ['a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----\nb', 'a\n[key]\nb'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEabc', '[key]'],
    ['write to ann.o+x@mail.example.org.', 'write to [mail].'],
    ['用户@例子.公司', '[mail]'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    '4111 1111 1111 1112',
    'since 1699999999999 ms',
    'NL91 ABNA 0417 1643 01',
    'git clone git@github.com:owner/repo.git',
    'react@18.2.1',
    'sk-your-key-goes-here-please',
    'Bearer YOUR_ACCESS_TOKEN',
    'AKIA is a prefix',
  ])('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('keeps published addresses, whatever their letters', () => {
    expect(redact('Help@Example.org, ann@example.org', new Set(['help@example.org']))).toBe('Help@Example.org, [mail]');
  });

  it('finds a card in any grouping, anywhere', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 17 });
    const separators = fc.array(fc.constantFrom('', '', '', ' ', '-'), { minLength: 18, maxLength: 18 });
    fc.assert(
      fc.property(digits, fc.integer({ min: 2, max: 6 }), separators, (middle, first, between) => {
        const card = [first, ...middle];
        card.push(checkDigit(card));
        const written = card.map((digit, index) => `${digit}${index < card.length - 1 ? between[index] : ''}`).join('');
        expect(redact(`x ${written}.`)).not.toContain(written);
      }),
    );
  });

  it('never grows a text', () => {
    const pieces = fc.constantFrom(
      '4111 1111 1111 1111',
      'a@b.co',
      'Bearer 0123456789abcdef',
      'eyJabcdefg.a.b',
      'DE89370400440532013000',
      ' ',
      '-',
      '9',
      'é',
      '語',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        const text = parts.join('');
        const once = redact(text);
        expect(Buffer.byteLength(once)).toBeLessThanOrEqual(Buffer.byteLength(text));
      }),
    );
  });

  it('takes time in proportion to a text made to slow it down', () => {
    for (const piece of ['a', 'a.', '1 ', 'A1 ', 'a@', 'eyJ', '-----BEGIN PRIVATE KEY-----']) {
      const text = piece.repeat(Math.ceil(24_576 / piece.length));
      const started = performance.now();
      redact(text);
      // Quadratic patterns took seconds here; a slow machine takes some milliseconds.
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });
});

function checkDigit(digits: number[]): number {
  const sum = digits
    .toReversed()
    .map((digit, index) => (index % 2 === 0 ? digit * 2 : digit))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return (10 - (sum % 10)) % 10;
}
