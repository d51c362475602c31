import { afterEach, expect, test, vi } from 'vitest';
import { findScript } from '../../../widget/embed/find-script.ts';

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

function addTag(src: string, token?: string): HTMLScriptElement {
  const script = document.createElement('script');
  script.type = 'inert';
  script.setAttribute('src', src);
  if (token) script.setAttribute('data-site-token', token);
  document.body.append(script);
  return script;
}

test('F7 a clobbered currentScript is not believed: the tag is found by what only ours has', () => {
  const image = document.createElement('img');
  vi.spyOn(document, 'currentScript', 'get').mockReturnValue(image as never);
  addTag('https://cdn.example/other.js', 'token');
  addTag('https://chat.example/widget.js');
  const ours = addTag('https://chat.example/widget.js?v=2', 'token');
  expect(findScript()).toBe(ours);
});

test('without a tag of ours there is none', () => {
  addTag('https://cdn.example/other.js', 'token');
  expect(findScript()).toBeUndefined();
});
