import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mountPanel } from '../../../widget/panel/main.tsx';
import type { PanelHandle, PanelOptions, TagSettings } from '../../../widget/panel/panel-options.ts';

interface GivenOptions {
  initialThread: string | null;
  startScreen: { greeting?: string; prompts: unknown[] };
  theme: { colorScheme: string; color?: { accent: { primary: string } } };
  header: { title?: { text: string } };
}

/** Stands in for the chat element: ready as soon as somebody listens, and it notes what it was given. */
class StandIn extends HTMLElement {
  static given: GivenOptions[] = [];
  static silent = false;
  setOptions(options: GivenOptions): void {
    StandIn.given.push(options);
  }
  override addEventListener(type: string, listener: EventListener, options?: AddEventListenerOptions): void {
    super.addEventListener(type, listener, options);
    if (type === 'chatkit.ready' && !StandIn.silent)
      queueMicrotask(() => this.dispatchEvent(new CustomEvent('chatkit.ready')));
  }
  focusComposer = (): Promise<void> => Promise.resolve();
  setThreadId = (): Promise<void> => Promise.resolve();
  sendUserMessage = (): Promise<void> => Promise.resolve();
}
customElements.define('openai-chatkit', StandIn);

const SITE = {
  id: 'site_1',
  name: 'Docs',
  greeting: 'Hello',
  prompts: [],
  theme: 'dark',
  accent: '#0a7',
  page_context: 'page',
};

let root: ShadowRoot;
let handle: PanelHandle | undefined;
let events: string[];
let closed: number;
let answer: () => Response | Promise<Response>;

beforeEach(() => {
  localStorage.clear();
  [StandIn.given, StandIn.silent, events, closed] = [[], false, [], 0];
  const host = document.createElement('pagewise-widget');
  root = host.attachShadow({ mode: 'open' });
  document.body.append(host);
  answer = () => Response.json({ session_token: 's', expires_in: 900, visitor_token: 'visitor-1', site: SITE });
  vi.stubGlobal('fetch', async () => answer());
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  handle?.destroy();
  handle = undefined;
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function mount(tag: Partial<TagSettings> = {}, options: Partial<PanelOptions> = {}): PanelHandle {
  handle = mountPanel({
    root,
    server: 'https://chat.example/',
    tag: { siteToken: 'e30.e30.e30', position: 'bottom-right', open: false, ...tag },
    loadElement: () => Promise.resolve(),
    hostContext: () => undefined,
    emit: (event) => events.push(event),
    onClose: () => {
      closed += 1;
    },
    ...options,
  });
  return handle;
}

const dialog = (): HTMLElement => root.querySelector('[role=dialog]') as HTMLElement;

function press(init: KeyboardEventInit, taken = false): void {
  const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true, ...init });
  if (taken) event.preventDefault();
  dialog().dispatchEvent(event);
}

test('show resolves when the composer is ready; the site says how it looks', async () => {
  await mount().show({ focus: true });
  expect(dialog().getAttribute('aria-label')).toBe('Docs');
  expect(StandIn.given.at(-1)).toMatchObject({
    initialThread: null,
    startScreen: { greeting: 'Hello' },
    theme: { colorScheme: 'dark', color: { accent: { primary: '#0a7' } } },
    header: { title: { text: 'Docs' } },
  });
  expect(events).toContain('pagewise:ready');
});

test('the tag wins over the site', async () => {
  await mount({ greeting: 'From the tag', theme: 'light', accent: '#123456' }).show({ focus: false });
  expect(StandIn.given.at(-1)).toMatchObject({
    startScreen: { greeting: 'From the tag' },
    theme: { colorScheme: 'light', color: { accent: { primary: '#123456' } } },
  });
});

test('the chip names the page, and is absent where nothing of the page may be told', async () => {
  document.title = 'Prices';
  await mount().show({ focus: false });
  expect(root.querySelector('.chip')?.textContent).toBe('About this page: Prices');
  handle?.destroy();
  await mount({ context: 'off' }).show({ focus: false });
  expect(root.querySelector('.chip')).toBeNull();
});

test('Escape closes, unless something inside took it or a composition used it', async () => {
  await mount().show({ focus: false });
  press({}, true);
  press({ isComposing: true });
  press({ key: 'Enter' });
  expect(closed).toBe(0);
  press({});
  expect(closed).toBe(1);
});

test('a remembered thread is opened, another one is remembered', async () => {
  await mount().show({ focus: false });
  root
    .querySelector('openai-chatkit')
    ?.dispatchEvent(new CustomEvent('chatkit.thread.change', { detail: { threadId: 'thr_12345678' } }));
  expect(events).toContain('chatkit.thread.change');
  handle?.destroy();
  await mount().show({ focus: false });
  expect(StandIn.given.at(-1)?.initialThread).toBe('thr_12345678');
  await handle?.logout();
  expect(StandIn.given.at(-1)?.initialThread).toBeNull();
});

test('a refusal is shown in words, and Try again starts anew', async () => {
  const good = answer;
  answer = () => Response.json({ error: { code: 'storage_unavailable', message: '' } }, { status: 503 });
  await expect(mount().show({ focus: false })).rejects.toMatchObject({ code: 'storage_unavailable' });
  expect(root.querySelector('[role=alert] p')?.textContent).toBe(
    'The chat has a problem at the moment. Please try again in a minute.',
  );
  expect(events).toEqual(['pagewise:error']);
  answer = good;
  root.querySelector<HTMLButtonElement>('.retry')?.click();
  await vi.waitFor(() => expect(events).toContain('pagewise:ready'));
  expect(root.querySelector('[role=alert]')).toBeNull();
});

test('an element that never becomes ready is given up after 15 seconds', async () => {
  vi.useFakeTimers();
  StandIn.silent = true;
  const shown = mount().show({ focus: false });
  const refused = expect(shown).rejects.toMatchObject({ code: 'timed_out' });
  await vi.advanceTimersByTimeAsync(15_000);
  await refused;
  expect(root.querySelector('[role=alert] p')?.textContent).toContain('too long');
});

test('destroyed while it starts, it leaves nothing and settles', async () => {
  const shown = mount().show({ focus: false });
  handle?.destroy();
  await expect(shown).rejects.toThrow('removed');
  expect(root.childNodes).toHaveLength(0);
  expect(root.adoptedStyleSheets).toHaveLength(0);
});
