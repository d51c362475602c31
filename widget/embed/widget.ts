import type { PanelHandle } from '../panel/panel-options.ts';
import { createHostEvents } from './host-events.ts';
import { createLauncher } from './launcher.ts';
import { type ChunkNames, createChunkLoader, type PanelModule, type SelectionModule } from './load-chunk.ts';
import { readTag } from './read-tag.ts';
import { stayAttached } from './stay-attached.ts';
import { installWindowApi, type WindowApi } from './window-api.ts';

/** In this tab the visitor has the panel open: the next page of the site shows it again. */
const OPEN_KEY = 'pagewise:open';
const PHONE = '(max-width: 480px), (max-height: 420px)';
const CANNOT_LOAD = 'The chat could not be loaded. Please try again.';

/** Puts the launcher into the page and the API on `window`. `onDestroy` is called once, when the page ends us. */
export function startWidget(script: HTMLScriptElement, chunks: ChunkNames, onDestroy: () => unknown): void {
  const tag = readTag(script);
  const events = createHostEvents();
  const launcher = createLauncher(tag);
  const load = createChunkLoader(script.src, chunks);
  let mounted: Promise<PanelHandle> | undefined;
  let handle: PanelHandle | undefined;
  let hostContext: unknown;
  let { userToken } = tag;
  let isOpen = false;
  let ended = false;
  let detach: (() => void) | undefined;
  let uninstall: (() => void) | undefined;
  let endOffer: (() => void) | undefined;

  /** The panel, mounted once; a load that failed is tried again by the next call. */
  function panel(): Promise<PanelHandle> {
    mounted ??= mount().catch((error: unknown) => {
      mounted = undefined;
      throw error;
    });
    return mounted;
  }

  async function mount(): Promise<PanelHandle> {
    const { mountPanel } = (await load('panel')) as PanelModule;
    if (ended) throw new Error('Pagewise was destroyed.');
    handle = mountPanel({
      root: launcher.root,
      server: new URL('.', script.src).href,
      tag,
      userToken,
      loadElement: () => load('element'),
      hostContext: () => hostContext,
      emit: events.emit,
      onClose: close,
    });
    return handle;
  }

  /** On hover and focus: the click that may follow finds the chunks at hand. A failure is the click's to report. */
  async function prepare(): Promise<void> {
    if (ended) return;
    void quiet(load('panel'));
    if ((tag.chatkit ?? 'self') === 'self' && !customElements.get('openai-chatkit')) await load('element');
  }
  const warm = (): void => void quiet(prepare());

  async function open(focus = true): Promise<void> {
    if (!isOpen) {
      isOpen = true;
      remember(true);
      launcher.say('');
      if (!handle) launcher.showState('loading');
      warm();
    }
    const shown = await panel().catch((error: unknown) => {
      isOpen = false;
      remember(false);
      launcher.showState('closed');
      if (!ended) launcher.say(CANNOT_LOAD);
      console.error('Pagewise: the panel could not be loaded.', error);
      events.emit('pagewise:error', { error });
      throw error;
    });
    // Closed again while it loaded.
    if (!isOpen) return;
    const wasOpen = launcher.button.getAttribute('aria-expanded') === 'true' && launcher.button.ariaBusy !== 'true';
    launcher.showState('open');
    if (!wasOpen) events.emit('pagewise:open');
    await shown.show({ focus });
  }

  /** At the first words that are selected: what offers to ask about them comes then. Without it nothing is missed. */
  function onSelection(): void {
    if (getSelection()?.isCollapsed !== false) return;
    unwatch();
    void quiet(
      load('selection').then((module) => {
        if (!ended) endOffer = (module as SelectionModule).offerToAsk({ root: launcher.root, tag, onAsk: quote });
      }),
    );
  }
  const unwatch = (): void => document.removeEventListener('selectionchange', onSelection);

  async function quote(words: string): Promise<void> {
    await quiet(open());
    await (await panel()).quote(words);
  }

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    remember(false);
    const hadFocus = launcher.root.activeElement !== null;
    handle?.hide();
    launcher.showState('closed');
    if (hadFocus) launcher.button.focus({ preventScroll: true });
    events.emit('pagewise:close');
  }

  const api: WindowApi = {
    open: () => open(),
    close,
    toggle: () => (isOpen ? close() : void quiet(open())),
    ask: async (text) => {
      if (typeof text !== 'string' || !text.trim()) throw new Error('pagewise.ask needs a text.');
      const ready = open();
      await ready;
      await (await panel()).ask(text);
    },
    async identify(token) {
      if (typeof token !== 'string' || !token) throw new Error('pagewise.identify needs a user token.');
      userToken = token;
      await handle?.identify(token);
    },
    async logout() {
      userToken = undefined;
      await (await panel()).logout();
    },
    setContext(value) {
      hostContext = value;
    },
    on: events.on,
    off: events.off,
    destroy() {
      if (ended) return;
      ended = true;
      handle?.destroy();
      endOffer?.();
      unwatch();
      detach?.();
      events.clear();
      uninstall?.();
      onDestroy();
    },
  };

  if (tag.selection !== 'off' && tag.context !== 'off') document.addEventListener('selectionchange', onSelection);
  launcher.button.addEventListener('pointerenter', warm);
  launcher.button.addEventListener('focus', warm);
  launcher.button.addEventListener('click', () => api.toggle());
  // Nobody asked for the focus here. On a phone the panel would cover the page that the visitor went to.
  if (tag.open || (remembered() && !matchMedia(PHONE).matches)) void quiet(open(false));
  uninstall = installWindowApi(api);
  // Last, so that nothing of ours stays behind where something above cannot be done; and not after a queued `destroy`.
  if (ended) uninstall();
  else detach = stayAttached(launcher.host);
}

/** For promises whose failure was shown to the visitor already. */
function quiet(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch(() => undefined);
}

function remember(open: boolean): void {
  try {
    if (open) sessionStorage.setItem(OPEN_KEY, '1');
    else sessionStorage.removeItem(OPEN_KEY);
  } catch {
    // A sandboxed or locked-down page: the panel then starts closed on every page.
  }
}

function remembered(): boolean {
  try {
    return sessionStorage.getItem(OPEN_KEY) === '1';
  } catch {
    return false;
  }
}
