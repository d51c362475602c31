import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mountPanel } from '../../../widget/panel/main.tsx';
import type { PanelHandle, PanelOptions, TagSettings } from '../../../widget/panel/panel-options.ts';

interface GivenOptions {
  initialThread: string | null;
  startScreen: { greeting?: string; prompts: unknown[] };
  theme: { colorScheme: string; color?: { accent: { primary: string } } };
  header: { title?: { text: string } };
  composer: unknown;
  api: { url: string; fetch: typeof fetch; uploadStrategy: unknown };
  onClientTool: (call: { name: string; params: Record<string, unknown> }) => unknown;
}

/** Stands in for the chat element: ready as soon as somebody listens, and it notes what it was given. */
class StandIn extends HTMLElement {
  static given: GivenOptions[] = [];
  static silent = false;
  /** Whether it passes for ours, or for somebody else's. */
  static isPagewise = true;
  /** Somebody listens to what it reports. */
  static heard = Promise.withResolvers<void>();
  setOptions(options: GivenOptions): void {
    StandIn.given.push(options);
  }
  override addEventListener(type: string, listener: EventListener, options?: AddEventListenerOptions): void {
    super.addEventListener(type, listener, options);
    if (type === 'chatkit.error') StandIn.heard.resolve();
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
  attachments: { max_size: 1000, max_count: 3, accept: { 'text/plain': ['.txt'] } },
  dictation: true,
};

let root: ShadowRoot;
let handle: PanelHandle | undefined;
let events: string[];
let closed: number;
let answer: (request: { method?: string; body?: string }) => Response | Promise<Response>;

beforeEach(() => {
  localStorage.clear();
  [StandIn.given, StandIn.silent, events, closed] = [[], false, [], 0];
  StandIn.isPagewise = true;
  StandIn.heard = Promise.withResolvers();
  const host = document.createElement('pagewise-widget');
  root = host.attachShadow({ mode: 'open' });
  document.body.append(host);
  answer = () => session('visitor-1');
  vi.stubGlobal('fetch', async (_url: string, init: { method?: string; body?: string }) => answer(init));
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

const UNSET = {
  theme: undefined,
  accent: undefined,
  locale: undefined,
  label: undefined,
  greeting: undefined,
  context: undefined,
  selection: undefined,
  chatkit: undefined,
  domainKey: undefined,
  userToken: undefined,
};

function mount(tag: Partial<TagSettings> = {}, options: Partial<PanelOptions> = {}): PanelHandle {
  handle = mountPanel({
    root,
    server: 'https://chat.example/',
    tag: { ...UNSET, siteToken: 'e30.e30.e30', position: 'bottom-right', open: false, ...tag },
    userToken: undefined,
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

/** What the element on screen reports of itself. */
function say(name: string, message: string): void {
  const error = Object.assign(new Error(message), { name });
  root.querySelector('openai-chatkit')?.dispatchEvent(new CustomEvent('chatkit.error', { detail: { error } }));
}

const session = (visitor_token: string) =>
  Response.json({ session_token: `of ${visitor_token}`, expires_in: 900, visitor_token, site: SITE });

const refuse = (code: string, sign_in?: object) =>
  Response.json({ error: { code, message: 'no', sign_in } }, { status: 401 });

const dialog = (): HTMLElement => root.querySelector('[role=dialog]') as HTMLElement;

function press(init: KeyboardEventInit, taken = false): void {
  const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true, ...init });
  if (taken) event.preventDefault();
  dialog().dispatchEvent(event);
}

function dispatch(name: string, detail: object): void {
  root.querySelector('openai-chatkit')?.dispatchEvent(new CustomEvent(name, { detail }));
}

const readMore = (query: unknown) => StandIn.given.at(-1)?.onClientTool({ name: 'read_page', params: { query } });

test('show resolves when the composer is ready; the site says how it looks', async () => {
  await mount().show({ focus: true });
  expect(dialog().getAttribute('aria-label')).toBe('Docs');
  expect(StandIn.given.at(-1)).toMatchObject({
    initialThread: null,
    startScreen: { greeting: 'Hello' },
    theme: { colorScheme: 'dark', color: { accent: { primary: '#0a7' } } },
    header: { title: { text: 'Docs' } },
    api: { uploadStrategy: { type: 'two_phase' } },
    composer: {
      attachments: { enabled: true, maxSize: 1000, maxCount: 3, accept: { 'text/plain': ['.txt'] } },
      dictation: { enabled: true },
    },
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

describe('a long page', () => {
  let bodies: { metadata?: { pageContext?: { text?: string }; clientTools?: string[] } }[];

  beforeEach(async () => {
    const filler = `<p>${'plain filler words '.repeat(12)}</p>`.repeat(160);
    const main = document.createElement('main');
    main.innerHTML = `<h1>Manual</h1><p>Return it within 41 days.</p><p>A word.</p><p>Guaranteed for 30 months.</p>${filler}`;
    document.body.append(main);
    // The reader stops after its share of 50 ms; happy-dom is a hundred times slower than a browser.
    vi.spyOn(performance, 'now').mockReturnValue(0);
    bodies = [];
    await mount().show({ focus: false });
    vi.stubGlobal('fetch', async (_url: string, { body }: RequestInit) => {
      bodies.push(JSON.parse(body as string));
      return Response.json({});
    });
  });

  async function send(type: string, text?: string): Promise<string | undefined> {
    const { api } = StandIn.given.at(-1) as GivenOptions;
    const input = { content: [{ type: 'input_text', text }], attachments: [], inference_options: {} };
    const params = text === undefined ? { thread_id: 'thr_1', result: {} } : { input };
    await api.fetch(api.url, { method: 'POST', body: JSON.stringify({ type, params }) });
    return bodies.at(-1)?.metadata?.pageContext?.text;
  }

  test('is read for what the model looks for by the request that goes on with the turn', async () => {
    const first = await send('threads.create', 'When can I return it?');
    expect(first).toContain('41 days');
    expect(first).not.toContain('30 months');
    expect(bodies[0]?.metadata?.clientTools).toEqual(['show_passage', 'read_page']);
    expect(readMore('guaranteed months')).toEqual({});
    const second = await send('threads.add_client_tool_output');
    expect(second).toContain('41 days');
    expect(second).toContain('30 months');
    // A short question may lean on what was said before; a long one stands for itself.
    expect(await send('threads.add_user_message', 'Where does it say that?')).toContain('30 months');
    const question = 'Within how many days can I return what I have bought?';
    expect(await send('threads.add_user_message', question)).not.toContain('30 months');
  });

  test('that takes too long to read is read for longer when the model waits for it', async () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      clock += 15;
      return clock;
    });
    const main = document.querySelector('main') as HTMLElement;
    main.innerHTML = `${'<p>plain filler words</p>'.repeat(600)}<p>The end.</p>`;
    expect(await send('threads.create', 'When can I return it?')).not.toContain('The end.');
    readMore('return');
    expect(await send('threads.add_client_tool_output')).toContain('The end.');
  });

  test('that the visitor takes off meanwhile is told no more', async () => {
    await send('threads.create', 'When can I return it?');
    root.querySelector<HTMLButtonElement>('.chip-off')?.click();
    expect(readMore('guaranteed months')).toEqual({});
    await send('threads.add_client_tool_output');
    expect(bodies.at(-1)?.metadata).toEqual({});
  });

  test('is read on whatever a model asks for', async () => {
    for (const query of [undefined, 7, 'x'.repeat(10_000)]) expect(readMore(query)).toEqual({});
    expect(await send('threads.add_client_tool_output')).toContain('# Manual');
    expect(() => StandIn.given.at(-1)?.onClientTool({ name: 'delete_page', params: {} })).toThrow('delete_page');
  });
});

test('the effect that shows a passage is the panel’s own; others are the host page’s', async () => {
  document.body.append(Object.assign(document.createElement('main'), { textContent: 'These words.' }));
  const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView').mockReturnValue();
  await mount().show({ focus: false });
  dispatch('chatkit.effect', { name: 'pagewise.show_passage', data: { text: 'These words.' } });
  await vi.waitFor(() => expect(scrolled).toHaveBeenCalledOnce());
  for (const data of [{ text: 7 }, undefined]) dispatch('chatkit.effect', { name: 'pagewise.show_passage', data });
  dispatch('chatkit.effect', { name: 'pagewise.show_passage', data: { text: 'These words.' } });
  await vi.waitFor(() => expect(scrolled).toHaveBeenCalledTimes(2));
  expect(events).not.toContain('chatkit.effect');
  dispatch('chatkit.effect', { name: 'confetti', data: {} });
  expect(events).toContain('chatkit.effect');
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
  dispatch('chatkit.thread.change', { threadId: 'thr_12345678' });
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

const notice = () => root.querySelector('[role=alert]');

describe('a user', () => {
  const SIGN_IN = { site: 'Docs', url: 'https://docs.example/login' };

  test('identified before the first click is shown with it, after it at once; another one gets another conversation', async () => {
    const bodies: unknown[] = [];
    let visitor = 'visitor-of-ann';
    answer = ({ body }) => {
      bodies.push(JSON.parse(body ?? 'null'));
      return session(visitor);
    };
    await mount({}, { userToken: 'ann' }).show({ focus: false });
    expect(bodies).toEqual([{ user_token: 'ann' }]);
    const before = root.querySelector('openai-chatkit');
    await handle?.identify('ann again');
    expect(bodies[1]).toEqual({ visitor_token: 'visitor-of-ann', user_token: 'ann again' });
    expect(root.querySelector('openai-chatkit')).toBe(before);
    visitor = 'visitor-of-ben';
    await handle?.identify('ben');
    expect(root.querySelector('openai-chatkit')).not.toBe(before);
  });

  test('who has to sign in is told so, with a link; identified, they go on', async () => {
    answer = () => refuse('user_token_required', SIGN_IN);
    await expect(mount().show({ focus: false })).rejects.toMatchObject({ code: 'user_token_required' });
    expect(notice()?.querySelector('p')?.textContent).toBe('Please sign in to Docs to use the chat.');
    expect(notice()?.querySelector('a')?.href).toBe('https://docs.example/login');
    expect(notice()?.querySelector('button')).toBeNull();
    expect(console.error).not.toHaveBeenCalled();
    answer = () => session('visitor-of-ann');
    await handle?.identify('ann');
    expect(notice()).toBeNull();
    expect(events).toContain('pagewise:ready');
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', '//docs.example', ''])(
    'a login page at %o is no link',
    async (url) => {
      answer = () => refuse('user_token_required', { site: 'Docs', url });
      await mount()
        .show({ focus: false })
        .catch(() => undefined);
      expect(notice()?.querySelector('p')).not.toBeNull();
      expect(notice()?.querySelector('a')).toBeNull();
    },
  );

  test('whose sign-in has lapsed in the middle of it sees that, and can go on as nobody', async () => {
    await mount().show({ focus: false });
    const bodies: unknown[] = [];
    answer = ({ body }) => {
      bodies.push(JSON.parse(body ?? 'null'));
      return bodies.length < 3 ? refuse('user_token_required', SIGN_IN) : session('visitor-2');
    };
    const { api } = StandIn.given.at(-1) as GivenOptions;
    const asking = api.fetch(api.url, { method: 'POST', body: '{"type":"threads.list","params":{}}' });
    await expect(asking).rejects.toMatchObject({ code: 'user_token_required' });
    expect(notice()?.textContent).toContain('Your sign-in has ended. Sign in to Docs again to see your chats.');
    notice()?.querySelector('button')?.click();
    await vi.waitFor(() => expect(notice()).toBeNull());
    expect(bodies[2]).toEqual({});
  });

  test('whose token is refused is nobody else: the panel says so and shows no conversation', async () => {
    await mount().show({ focus: false });
    answer = () => refuse('token_invalid');
    await expect(handle?.identify('forged')).rejects.toMatchObject({ code: 'token_invalid' });
    expect(root.querySelector('openai-chatkit')).toBeNull();
    const bodies: unknown[] = [];
    answer = ({ body }) => {
      bodies.push(JSON.parse(body ?? 'null'));
      return session('visitor-1');
    };
    root.querySelector<HTMLButtonElement>('.retry')?.click();
    await vi.waitFor(() => expect(bodies).toEqual([{ visitor_token: 'visitor-1', user_token: 'forged' }]));
  });

  test('on a page that outlived its token is asked to reload', async () => {
    answer = () => refuse('token_expired');
    const reload = vi.spyOn(location, 'reload').mockImplementation(() => undefined);
    await mount({}, { userToken: 'old' })
      .show({ focus: false })
      .catch(() => undefined);
    expect(notice()?.textContent).toContain('can no longer be confirmed');
    notice()?.querySelector('button')?.click();
    expect(reload).toHaveBeenCalledOnce();
  });

  test('who logs out is ended at the server and gone from the screen, also where the next must sign in', async () => {
    await mount().show({ focus: false });
    const calls: unknown[] = [];
    answer = ({ method }) => {
      calls.push(method);
      return method === 'DELETE' ? new Response(null, { status: 204 }) : refuse('user_token_required', SIGN_IN);
    };
    await handle?.logout();
    expect(calls).toHaveLength(2);
    expect(new Set(calls)).toEqual(new Set(['DELETE', 'POST']));
    expect(notice()?.textContent).toContain('Please sign in');
  });

  test.each(['storage', 'pageshow'])('who changed in another tab is noticed by %s', async (event) => {
    await mount().show({ focus: false });
    const { length } = StandIn.given;
    window.dispatchEvent(new Event(event));
    expect(StandIn.given).toHaveLength(length);
    localStorage.setItem('pagewise:e30.e30.e30:visitor', 'visitor-2');
    answer = ({ body }) => session(JSON.parse(body ?? '{}').visitor_token);
    const old = root.querySelector('openai-chatkit');
    window.dispatchEvent(new Event(event));
    expect(old?.isConnected).toBe(false);
    await vi.waitFor(() => expect(root.querySelector('openai-chatkit')).not.toBeNull());
  });
});

test.each([
  ['says so', 'DomainVerificationError', 'the domain is not on the list'],
  ['does not take the key', 'InvalidFrameParamsError', 'Invalid frame params: api'],
])('another element that %s has refused the domain: the panel names data-domain-key', async (_title, name, message) => {
  StandIn.silent = true;
  StandIn.isPagewise = false;
  const shown = mount().show({ focus: false });
  const refused = expect(shown).rejects.toMatchObject({ code: 'domain_refused' });
  await StandIn.heard.promise;
  say(name, message);
  await refused;
  expect(root.querySelector('[role=alert] p')?.textContent).toContain('data-domain-key');
});

test('another problem of another element is its own to show', async () => {
  StandIn.isPagewise = false;
  await mount().show({ focus: false });
  say('Error', 'the upload failed');
  expect(root.querySelector('[role=alert]')).toBeNull();
  say('DomainVerificationError', 'the domain is not on the list any more');
  expect(root.querySelector('[role=alert] p')?.textContent).toContain('data-domain-key');
});

test.each([
  ['an element', true, 'timed_out', 'too long'],
  ['another element, which a refused domain leaves blank,', false, 'domain_refused', 'data-domain-key'],
])('%s that never becomes ready is given up after 15 seconds', async (_title, isPagewise, code, words) => {
  vi.useFakeTimers();
  StandIn.silent = true;
  StandIn.isPagewise = isPagewise;
  const shown = mount().show({ focus: false });
  const refused = expect(shown).rejects.toMatchObject({ code });
  await vi.advanceTimersByTimeAsync(15_000);
  await refused;
  expect(root.querySelector('[role=alert] p')?.textContent).toContain(words);
});

test('destroyed while it starts, it leaves nothing and settles', async () => {
  const shown = mount().show({ focus: false });
  handle?.destroy();
  await expect(shown).rejects.toThrow('removed');
  expect(root.childNodes).toHaveLength(0);
  expect(root.adoptedStyleSheets).toHaveLength(0);
});
