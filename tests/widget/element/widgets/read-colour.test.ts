import { expect, test } from 'vitest';
import { background, colour } from '../../../../widget/element/widgets/read-colour.ts';

test('reads words, primitives, one colour for each scheme, and leaves the rest to CSS', () => {
  expect(['secondary', 'danger', 'surface-elevated', '#0a5cb8', 'rebeccapurple'].map(colour)).toEqual([
    'var(--text-soft)',
    'var(--danger)',
    'var(--raised)',
    '#0a5cb8',
    'rebeccapurple',
  ]);
  expect(colour('blue-500')).toBe('oklch(0.6 0.17 255)');
  expect(colour('blue-9999')).toBe('oklch(0.19999999999999996 0.17 255)');
  expect(colour('alpha-10')).toBe('color-mix(in srgb, var(--text) 10%, transparent)');
  expect(colour({ light: 'red-700', dark: 'danger' })).toBe(
    'light-dark(oklch(0.43999999999999995 0.19 25), var(--danger))',
  );
  expect(colour({ light: 'red' })).toBe('red');
  for (const odd of [undefined, null, 7, '', [], {}, { light: { light: 'red' } }, 'constructor-5'])
    expect([undefined, 'constructor-5']).toContain(colour(odd));
});

test('takes a gradient for a background, and nothing that could fetch', () => {
  expect(background('linear-gradient(90deg, red, #00f 40%)')).toEqual({
    'background-image': 'linear-gradient(90deg, red, #00f 40%)',
  });
  expect(background('surface-secondary')).toEqual({ 'background-color': 'var(--fill)' });
  for (const bad of [
    'linear-gradient(red, blue), url(https://evil.example/x)',
    'linear-gradient(red, blue), URL ("https://evil.example/x")',
    'linear-gradient(red, blue), image-set("https://evil.example/x" 1x)',
    'linear-gradient(red, blue), -webkit-image-set(url(x) 1x)',
    'linear-gradient(red, blue), cross-fade(url(x), red)',
    'linear-gradient(var(--x), red)',
    'linear-gradient(red, blue), u\\72l(https://evil.example/x)',
    'linear-gradient(red, blue); background: url(x)',
    'url(https://evil.example/x)',
    'image-set("https://evil.example/x" 1x)',
  ]) {
    const { 'background-image': image } = background(bad);
    expect(image).toBeUndefined();
  }
});
