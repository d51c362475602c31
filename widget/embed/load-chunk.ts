import type { mountPanel } from '../panel/main.tsx';
import type { offerToAsk } from '../panel/selection.ts';

/** Paths of the chunks of one release, relative to its `widget.js`. */
export interface ChunkNames {
  panel: string;
  element: string;
  selection: string;
}

export interface PanelModule {
  mountPanel: typeof mountPanel;
}

export interface SelectionModule {
  offerToAsk: typeof offerToAsk;
}

type Importer = (url: string) => Promise<unknown>;

/** Where a fresh copy of `widget.js` leaves the names of its chunks. */
const RENEWAL = Symbol.for('pagewise.renewal');
const renewal = globalThis as { [RENEWAL]?: (names: ChunkNames) => void };

/** Answers a running copy that asked for fresh names. True: this copy was loaded for that alone and has to stop. */
export function answerRenewal(builtChunks: ChunkNames): boolean {
  renewal[RENEWAL]?.(builtChunks);
  return RENEWAL in renewal;
}

/**
 * Loads chunks from beside `scriptUrl`. When one cannot be had, `widget.js` is fetched once more past every cache and
 * asked for its names: a tag that a cache or a long-open tab kept outlives the chunks of its release. Every further
 * attempt has a URL of its own, because a browser may remember a failed import for the life of the page.
 */
export function createChunkLoader(scriptUrl: string, builtChunks: ChunkNames, importModule: Importer = importFrom) {
  let names = builtChunks;
  let attempt = 0;
  const loaded = new Map<keyof ChunkNames, Promise<unknown>>();
  const address = (file: string, query = ''): string => new URL(file + query, scriptUrl).href;

  async function load(chunk: keyof ChunkNames): Promise<unknown> {
    try {
      return await importModule(address(names[chunk], attempt ? `?again=${attempt}` : ''));
    } catch {
      attempt += 1;
      names = await freshNames(address('', `?again=${Date.now()}.${attempt}`));
      return importModule(address(names[chunk], `?again=${attempt}`));
    }
  }

  async function freshNames(url: string): Promise<ChunkNames> {
    let fresh: ChunkNames | undefined;
    renewal[RENEWAL] = (answered) => {
      fresh = answered;
    };
    try {
      await importModule(url);
    } finally {
      delete renewal[RENEWAL];
    }
    if (!fresh) throw new Error(`${url} is not a Pagewise script`);
    return fresh;
  }

  return (chunk: keyof ChunkNames): Promise<unknown> => {
    const known = loaded.get(chunk);
    if (known) return known;
    const promise = load(chunk);
    loaded.set(chunk, promise);
    // The next caller tries again.
    promise.catch(() => loaded.delete(chunk));
    return promise;
  };
}

function importFrom(url: string): Promise<unknown> {
  return import(/* @vite-ignore */ url);
}
