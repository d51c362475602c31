import { render } from 'preact';
import { type PageContextLevel, stricterLevel } from '../../protocol/page-context.ts';
import type { PassagePlace } from '../../protocol/page-tools.ts';
import type { PageReader } from '../client/page-reader.ts';
import { awaitElement } from './await-element.ts';
import { createChatFetch } from './chat-fetch.ts';
import type { Chat } from './conversation.tsx';
import { Failure } from './failure.ts';
import { readHostContext } from './host-context.ts';
import type { PageMarker } from './page-marker.ts';
import css from './panel.css?inline';
import { Panel, type PanelState } from './panel.tsx';
import type { PanelHandle, PanelOptions } from './panel-options.ts';
import { createSession } from './session.ts';
import { openSiteMemory } from './site-memory.ts';

/** From the click to a composer that can be typed in; after that the visitor is offered to try again. */
const START_DEADLINE_MS = 15_000;

/** What OpenAI's element calls it when it does not know the site, as far as its users have published. */
const REFUSAL = /domain|frame ?param/i;

/** Puts the panel, hidden, into the widget's shadow root. Nothing is requested before `show`, `ask` or `logout`. */
export function mountPanel(options: PanelOptions): PanelHandle {
  const { root, tag, emit } = options;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const container = document.createElement('div');
  root.append(container);

  const memory = openSiteMemory(tag.siteToken);
  const session = createSession({
    server: options.server,
    siteToken: tag.siteToken,
    userToken: options.userToken,
    memory,
    onVisitor: () => {
      if (state.phase.is === 'running') void restart().catch(() => undefined);
    },
  });
  let state: PanelState = {
    shown: false,
    phase: { is: 'pending' },
    sendsPage: true,
    passageGone: false,
    generation: 0,
  };
  /** The start that is under way or done; `undefined` before the first and after a failure. */
  let started: Promise<void> | undefined;
  /** The conversation on screen: another one takes its place after `logout` or when its thread is gone. */
  let chat: Chat | undefined;
  let composerReady: (() => void) | undefined;
  let composerRefused: ((failure: Failure) => void) | undefined;
  let endWait: (() => void) | undefined;
  let marker: PageMarker | undefined;
  let reader: Promise<PageReader | undefined> | undefined;

  const dialog = (): HTMLElement | null => container.querySelector('[role=dialog]');
  const chatFetch = createChatFetch({
    session,
    async readPage(question) {
      // The conversation goes on.
      sayGone(false);
      if (level() === 'off') return undefined;
      return (await pageReader())?.read(question);
    },
    readContext: () => readHostContext(options.hostContext()),
    onThreadMissing(threadId) {
      if (memory.threadId.get() !== threadId) return;
      memory.threadId.set(undefined);
      set({ generation: state.generation + 1 });
    },
  });

  /** A sign-in can end in the middle of a conversation. */
  const mindfulFetch: typeof fetch = async (...request) => {
    try {
      return await chatFetch(...request);
    } catch (error) {
      if (error instanceof Failure && error.signIn) lose(error);
      throw error;
    }
  };

  function set(change: Partial<PanelState>): void {
    state = { ...state, ...change };
    render(
      <Panel
        state={state}
        options={options}
        chatFetch={mindfulFetch}
        memory={memory}
        onReadPage={(query) => void pageReader().then((loaded) => loaded?.readFor(query))}
        onShowPassage={(...passage) => void showPassage(...passage)}
        onReady={(ready) => {
          chat = ready;
          composerReady?.();
        }}
        onError={onElementError}
        onRetry={() => void start(true).catch(() => undefined)}
        onAnonymous={() => {
          session.forgetVisitor();
          void start(true).catch(() => undefined);
        }}
        onSendsPage={(sendsPage) => set({ sendsPage })}
      />,
      container,
    );
  }

  /** Session and element, then the conversation until its composer is ready. One start at a time; a failed one is over. */
  function start(focus: boolean): Promise<void> {
    if (!started) {
      const attempt = withinDeadline(run);
      started = attempt;
      attempt.catch((cause: unknown) => {
        if (started === attempt) lose(cause);
      });
    }
    return focus ? started.then(focusComposer) : started;
  }

  async function run(): Promise<void> {
    set({ phase: { is: 'pending' } });
    const [site, isOurs] = await Promise.all([session.site(), awaitElement(tag.chatkit, options.loadElement)]);
    const ready = new Promise<void>((resolve, reject) => {
      composerReady = resolve;
      composerRefused = reject;
    });
    set({ phase: { is: 'running', site, isOurs, ready: false }, generation: state.generation + 1 });
    await ready;
    set({ phase: { is: 'running', site, isOurs, ready: true } });
    emit('pagewise:ready');
    // A click need not wait for what reads the page; the first question may not have to either.
    void pageReader();
  }

  /** How much of the page may be told now. */
  function level(): PageContextLevel {
    const { phase, sendsPage } = state;
    if (!sendsPage || phase.is !== 'running') return 'off';
    return stricterLevel(tag.context ?? 'page', phase.site.page_context);
  }

  /** Comes when the composer is ready. Without it a question goes out alone, and the next one tries again. */
  function pageReader(): Promise<PageReader | undefined> {
    reader ??= import('../client/page-reader.ts').then(
      ({ createPageReader }) => createPageReader(level),
      (error: unknown) => {
        reader = undefined;
        console.error('Pagewise: what reads the page could not be loaded.', error);
        return undefined;
      },
    );
    return reader;
  }

  /** Asynchronous also where a page has left us no `Promise`: the refusal then is this function's, and said. */
  async function withinDeadline(work: () => Promise<void>): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(isRefusable() ? refusal() : new Failure('timed_out', `not ready after ${START_DEADLINE_MS} ms`)),
        START_DEADLINE_MS,
      );
      endWait = () => {
        clearTimeout(timer);
        reject(new Failure('internal', 'the panel was removed'));
      };
      work()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  /** What marks the page comes when it is first needed: most visits never do. */
  async function showPassage(place: PassagePlace, isBeginning: boolean): Promise<void> {
    const { createPageMarker } = await import('./page-marker.ts');
    if (!container.parentNode) return;
    marker ??= createPageMarker(dialog, options.onClose);
    sayGone(!marker.show(place, isBeginning));
  }

  function sayGone(passageGone: boolean): void {
    if (passageGone !== state.passageGone) set({ passageGone });
  }

  /** The conversation on screen is over, and another one begins if it may. */
  function restart(): Promise<void> {
    started = undefined;
    // It remembers what was asked.
    reader = undefined;
    return start(false);
  }

  /** An element of others is on screen. Where OpenAI's refuses the domain it stays blank, often without a word. */
  function isRefusable(): boolean {
    return state.phase.is === 'running' && !state.phase.isOurs;
  }

  function onElementError(error: Error): void {
    if (!isRefusable() || !REFUSAL.test(`${error.name} ${error.message}`)) return;
    if (state.phase.is === 'running' && state.phase.ready) lose(refusal(error));
    else composerRefused?.(refusal(error));
  }

  function lose(cause: unknown): void {
    started = undefined;
    if (!container.parentNode) return;
    const failure = cause instanceof Failure ? cause : new Failure('internal', 'the panel could not start', cause);
    // That somebody has to sign in is no fault.
    if (!failure.signIn) console.error(failure.message, failure.cause ?? '');
    emit('pagewise:error', { error: failure });
    set({ phase: { is: 'failed', failure } });
  }

  /** Into the composer, unless the visitor has closed the panel or gone back to the page meanwhile. */
  function focusComposer(): void {
    if (state.shown && root.activeElement) chat?.focusComposer().catch(() => undefined);
  }

  set({});
  // Storage speaks of the other tabs, but not to a page that lies in the browser's cache.
  const watch = new AbortController();
  for (const event of ['storage', 'pageshow'])
    window.addEventListener(event, session.followOtherTabs, { signal: watch.signal });
  return {
    async show({ focus }) {
      set({ shown: true });
      if (focus) dialog()?.focus({ preventScroll: true });
      await start(focus);
    },
    hide() {
      marker?.clear();
      set({ shown: false });
    },
    async quote(words) {
      await start(false);
      await chat?.setComposerValue({ reply: words });
      focusComposer();
    },
    async ask(text) {
      await start(false);
      await chat?.sendUserMessage({ text });
    },
    async identify(userToken) {
      session.identify(userToken);
      if (state.phase.is === 'failed') return restart();
      if (!started) return;
      await session.token().catch((error: unknown) => {
        lose(error);
        throw error;
      });
      await started;
    },
    async logout() {
      const ended = session.logout();
      // Whether the next visitor may chat is for the panel to say; nobody waits for it.
      if (state.phase.is !== 'pending' || started) await restart().catch(() => undefined);
      await ended;
    },
    destroy() {
      watch.abort();
      endWait?.();
      marker?.clear();
      render(null, container);
      container.remove();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}

function refusal(cause?: unknown): Failure {
  return new Failure('domain_refused', 'the chat element is there and does not start: check data-domain-key', cause);
}
