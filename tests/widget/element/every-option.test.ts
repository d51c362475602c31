import type { ChatKitOptions } from '@openai/chatkit';
import { expect, test } from 'vitest';
import { readOptions } from '../../../widget/element/options.ts';

type Every<T> = T extends (...params: never[]) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? Every<Item>[]
    : T extends object
      ? { [Key in keyof Required<T>]: Every<Exclude<T[Key], undefined>> }
      : T;

const call = (): never => {
  throw new Error('not called here');
};
const api = {
  url: '/chatkit',
  domainKey: 'local',
  fetch: call,
  uploadStrategy: { type: 'direct', uploadUrl: '/up' },
} as const;
const tool = {
  id: 't',
  label: 'T',
  icon: 'bolt',
  shortLabel: 'T',
  placeholderOverride: 'P',
  pinned: true,
  persistent: true,
} as const;
const font = { family: 'F', src: '/f', weight: 400, style: 'italic', display: 'swap', unicodeRange: 'U+0' } as const;

/** Each option with a value that is not its default. The type holds it to the published ones, down to the last key. */
const EVERY: Every<Omit<ChatKitOptions, 'api' | 'theme' | 'startScreen'>> &
  Pick<ChatKitOptions, 'api' | 'theme' | 'startScreen'> = {
  api,
  locale: 'pt-BR',
  theme: {
    colorScheme: 'dark',
    typography: { baseSize: 18, fontSources: [font], fontFamily: 'A', fontFamilyMono: 'B' },
    radius: 'sharp',
    density: 'compact',
    color: {
      grayscale: { hue: 1, tint: 2, shade: 3 },
      accent: { primary: '#123456', level: 2 },
      surface: { background: '#111111', foreground: '#222222' },
    },
  },
  frameTitle: 'Frame',
  initialThread: 'thr_1',
  onClientTool: call,
  header: {
    enabled: false,
    title: { enabled: false, text: 'Title' },
    leftAction: { icon: 'menu', onClick: call },
    rightAction: { icon: 'close', onClick: call },
  },
  history: { enabled: false, showDelete: false, showRename: false },
  startScreen: { greeting: 'Hello', prompts: [{ label: 'L', prompt: 'P', icon: 'bolt' }] },
  threadItemActions: { feedback: true, retry: true },
  composer: {
    placeholder: 'Ask',
    attachments: { enabled: true, maxSize: 5, maxCount: 2, accept: { 'image/png': ['.png'] } },
    tools: [tool],
    models: [{ id: 'm', label: 'M', description: 'D', disabled: false, default: true }],
    dictation: { enabled: true },
  },
  disclaimer: { text: 'D', highContrast: true },
  entities: { onTagSearch: call, showComposerMenu: true, onClick: call, onRequestPreview: call },
  commands: { enabled: true, onSearch: call, onSelect: call },
  widgets: { onAction: call },
  thread: { autoScroll: true },
};

/** Paths to all values that are no objects, as far as lists. */
function leaves(value: object, path: string[] = []): string[][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? leaves(inner, [...path, key])
      : [[...path, key]],
  );
}

function without(value: object, [key = '', ...rest]: string[]): object {
  const { [key]: inner, ...others } = value as Record<string, object>;
  return rest.length === 0 || !inner ? others : { ...others, [key]: without(inner, rest) };
}

test('reads every option there is: without any one of them the settings are others', () => {
  const all = readOptions(EVERY);
  const unread = leaves(EVERY).filter((path) => {
    try {
      expect(readOptions(without(EVERY, path))).toEqual(all);
      return true;
    } catch {
      return false;
    }
  });
  expect(unread.map((path) => path.join('.'))).toEqual([
    // A key for OpenAI's own service; the strategy is told by its address.
    'api.domainKey',
  ]);
});
