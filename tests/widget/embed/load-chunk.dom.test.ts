import { afterEach, expect, test } from 'vitest';
import { answerRenewal, createChunkLoader } from '../../../widget/embed/load-chunk.ts';

const BUILT = { panel: 'assets/panel-old.js', element: 'assets/element-old.js', selection: 'assets/selection-old.js' };

const RENEWAL = Symbol.for('pagewise.renewal');
const SCRIPT = 'https://chat.example/app/widget.js';

afterEach(() => Reflect.deleteProperty(globalThis, RENEWAL));

/** A deployment: what exists, and a fresh `widget.js` that answers with the names of its release. */
function deployment(
  files: string[],
  names = { panel: 'assets/panel-new.js', element: 'assets/element-new.js', selection: 'assets/selection-new.js' },
) {
  const asked: string[] = [];
  const importModule = async (url: string): Promise<unknown> => {
    const { origin, pathname } = new URL(url);
    asked.push(url);
    if (pathname === '/app/widget.js')
      (globalThis as never as Record<symbol, (given: typeof names) => void>)[RENEWAL]?.(names);
    else if (!files.includes(pathname)) throw new TypeError(`no ${origin}${pathname}`);
    return { from: pathname };
  };
  return { asked, importModule, files };
}

test('a chunk comes from beside the script, once', async () => {
  const { asked, importModule } = deployment(['/app/assets/panel-old.js']);
  const load = createChunkLoader(SCRIPT, BUILT, importModule);
  expect(await load('panel')).toEqual({ from: '/app/assets/panel-old.js' });
  await load('panel');
  expect(asked).toEqual(['https://chat.example/app/assets/panel-old.js']);
});

test('a vanished chunk: the script is asked once more, and its names hold from then on', async () => {
  const { asked, importModule } = deployment(['/app/assets/panel-new.js', '/app/assets/element-new.js']);
  const load = createChunkLoader(SCRIPT, BUILT, importModule);
  expect(await load('panel')).toEqual({ from: '/app/assets/panel-new.js' });
  expect(await load('element')).toEqual({ from: '/app/assets/element-new.js' });
  expect(asked.filter((url) => url.includes('widget.js'))).toHaveLength(1);
  expect(RENEWAL in globalThis).toBe(false);
});

test('a failure is not remembered: the next call tries again, by another URL', async () => {
  const { asked, importModule, files } = deployment([]);
  const load = createChunkLoader(SCRIPT, BUILT, importModule);
  await expect(load('panel')).rejects.toThrow('no https://chat.example/app/assets/panel-new.js');
  files.push('/app/assets/panel-new.js');
  expect(await load('panel')).toEqual({ from: '/app/assets/panel-new.js' });
  expect(new Set(asked).size).toBe(asked.length - 1);
});

test('a copy that was loaded for its names gives them and stops', () => {
  expect(answerRenewal(BUILT)).toBe(false);
  const given: unknown[] = [];
  (globalThis as never as Record<symbol, unknown>)[RENEWAL] = (names: unknown) => given.push(names);
  expect(answerRenewal(BUILT)).toBe(true);
  expect(given).toEqual([BUILT]);
});
