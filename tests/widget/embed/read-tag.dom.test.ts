import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readTag } from '../../../widget/embed/read-tag.ts';

let errors: string[];
beforeEach(() => {
  errors = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
});
afterEach(() => vi.restoreAllMocks());

function tagWith(attributes: Record<string, string>): HTMLScriptElement {
  const script = document.createElement('script');
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(`data-${name}`, value);
  return script;
}

test('a tag with the token alone has the defaults', () => {
  expect(readTag(tagWith({ 'site-token': 'a.b.c' }))).toEqual({
    siteToken: 'a.b.c',
    position: 'bottom-right',
    open: false,
  });
  expect(errors).toEqual([]);
});

test('every attribute is read', () => {
  const attributes = {
    'site-token': 'a.b.c',
    position: 'bottom-left',
    theme: 'dark',
    accent: '#0a7',
    locale: 'pt-br',
    label: 'Ask us',
    greeting: 'Hello',
    context: 'basic',
    selection: 'off',
    chatkit: 'openai',
    'domain-key': 'domain_pk_1',
    'user-token': 'not even a token',
    open: '',
  };
  expect(readTag(tagWith(attributes))).toEqual({
    siteToken: 'a.b.c',
    position: 'bottom-left',
    theme: 'dark',
    accent: '#0a7',
    locale: 'pt-BR',
    label: 'Ask us',
    greeting: 'Hello',
    context: 'basic',
    selection: 'off',
    chatkit: 'openai',
    domainKey: 'domain_pk_1',
    userToken: 'not even a token',
    open: true,
  });
  expect(errors).toEqual([]);
});

test.each([
  ['theme', 'purple'],
  ['position', 'top'],
  ['context', 'everything'],
  ['selection', 'no'],
  ['chatkit', 'OpenAI'],
  ['chatkit', 'javascript:alert(1)'],
  ['locale', 'not a locale'],
  ['greeting', 'x'.repeat(501)],
  ['site-token', 'with spaces'],
])('a bad data-%s is one console error that names it, and the default', (name, value) => {
  const settings = readTag(tagWith({ 'site-token': 'a.b.c', [name]: value }));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(`data-${name}`);
  expect(settings).toEqual({ siteToken: name === 'site-token' ? '' : 'a.b.c', position: 'bottom-right', open: false });
});

test('a missing token is an error that names the attribute', () => {
  expect(readTag(tagWith({})).siteToken).toBe('');
  expect(errors).toEqual(['Pagewise: the script tag needs data-site-token, the token of this site.']);
});

test('F6 names of the prototype are no settings', () => {
  const settings = readTag(tagWith({ 'site-token': 'a.b.c', theme: '__proto__', position: 'constructor' }));
  expect(settings.position).toBe('bottom-right');
  expect(settings.theme).toBeUndefined();
});
