import { expect, test } from 'vitest';
import { originPatterns } from '../../../server/auth/origin.ts';

test.each([
  ['https://a.example.com', 'https://*.example.com'],
  ['https://a.example.com:8443', 'https://*.example.com:8443'],
  ['https://a.b.example.com', 'https://*.b.example.com'],
  ['https://example.com', 'https://*.com'],
  ['https://127.0.0.1', 'https://*.0.0.1'],
])('%s is let in as itself or by %s', (origin, wildcard) => {
  expect(originPatterns(origin)).toEqual([origin, wildcard]);
});

test.each(['http://a.example.com', 'http://localhost:8788', 'https://localhost', 'https://[::1]:8443'])(
  '%s is let in as itself alone',
  (origin) => {
    expect(originPatterns(origin)).toEqual([origin]);
  },
);

test.each([
  '',
  'null',
  '*',
  'https://*.example.com',
  'https://%2A.example.com',
  'https://a.example.com/',
  'https://A.example.com',
  'https://a.example.com:443',
  'https://a.example.com@evil.example',
  'https://user@a.example.com',
  'https://a.example.com\\@evil.example',
  'https://a.example.com https://b.example.com',
  ' https://a.example.com',
  'file:///a',
  'blob:https://a.example.com',
  'a.example.com',
  `https://${'a.'.repeat(150)}example.com`,
])('%j is no origin of a page', (text) => {
  expect(originPatterns(text)).toEqual([]);
});
