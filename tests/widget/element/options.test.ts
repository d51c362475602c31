import { expect, test } from 'vitest';
import { readOptions } from '../../../widget/element/options.ts';
import { readContent } from '../../../widget/element/read-content.ts';

const locale = (value: unknown) => readOptions({ locale: value }).locale;

test('takes a locale that Intl knows, and the default for one that would throw', () => {
  expect(locale('de-at')).toBe('de-AT');
  for (const odd of ['en_US', 'not a locale', '', 7, undefined]) {
    expect(() => new Intl.NumberFormat(locale(odd))).not.toThrow();
    expect(locale(odd)).not.toBe(odd);
  }
});

test('takes handlers that can be called, and no others', () => {
  expect(readOptions({ onClientTool: locale, widgets: { onAction: locale } }).handlers).toEqual({
    onClientTool: locale,
    onWidgetAction: locale,
  });
  expect(readOptions({ onClientTool: {}, widgets: 'x' }).handlers).toEqual({
    onClientTool: undefined,
    onWidgetAction: undefined,
  });
});

const read = (uploadStrategy: unknown, dictation: unknown) => {
  const { api, dictation: isOn } = readOptions({ api: { url: '/chatkit', uploadStrategy }, composer: { dictation } });
  return [api?.uploadUrl, isOn];
};

test('takes the address of direct uploads alone, and dictation that is switched on', () => {
  expect(read({ type: 'direct', uploadUrl: '/files' }, { enabled: true })).toEqual(['/files', true]);
  for (const odd of [undefined, 'direct', { type: 'two_phase', uploadUrl: '/files' }, { type: 'direct', uploadUrl: 7 }])
    expect(read(odd, odd)).toEqual([undefined, false]);
});

// Shows 50, 69.
test('gives every tag its data, which the reference server asks for', () => {
  const content = [
    { type: 'input_text' as const, text: 'Is ' },
    { type: 'input_tag' as const, id: 'c_1', text: 'Claim 1' },
    { type: 'input_tag' as const, id: 'c_2', text: 'Claim 2', data: { no: '2' }, interactive: true },
  ];
  expect(readContent({ content })).toEqual([content[0], { ...content[1], data: {}, interactive: false }, content[2]]);
});
