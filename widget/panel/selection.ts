import { readSelection } from '../page/read-selection.ts';
import type { TagSettings } from './panel-options.ts';
import css from './selection.css?inline';

/** After the last change of a selection: while a key is held down or a finger drags, nothing flickers along. */
const SETTLE_MS = 120;
/** What asks about words has to read them within a frame or two. */
const READ_MS = 40;
/** Pixels to the words, and to the edges of the window. */
const GAP = 8;
/** Of more characters the two ends alone are measured: the box around 100,000 selected nodes costs 200 ms a scroll. */
const LONG = 1_500;
/** Below the words the handles of a finger's selection are as high as this. */
const HANDLES = 28;

const ICON = 'M4 11.5a7.5 7.5 0 0 1 7.5-7.5h1a7.5 7.5 0 0 1 0 15H5.2a.9.9 0 0 1-.8-1.3l.9-1.8A7.4 7.4 0 0 1 4 11.5Z';

interface SelectionOptions {
  /** The widget's shadow root. */
  root: ShadowRoot;
  tag: TagSettings;
  /** The visitor asked about these words. A rejection is shown elsewhere. */
  onAsk: (words: string) => Promise<unknown>;
}

/**
 * Offers a small button beside words that the visitor selects on the page: by pointer, finger or keyboard, where the Tab
 * key leads to it. Words that may not be read are not offered. Returns what takes all of it away.
 */
export function offerToAsk({ root, tag, onAsk }: SelectionOptions): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const { place, button, hint } = draw(tag.theme ?? 'auto');
  root.append(place);

  let words = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = new AbortController();
  const { signal } = watch;

  function look(): void {
    // A drag that goes on: its end comes here again.
    if (document.documentElement.matches(':active')) return;
    const isChatting = root.activeElement !== null && root.activeElement !== button;
    words = isChatting ? '' : readSelection(window, performance.now() + READ_MS);
    show();
  }

  function settle(): void {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLE_MS);
  }

  function show(): void {
    const range = words && getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : undefined;
    button.hidden = !range;
    hint.textContent = range ? 'Press Tab to ask about the selected text.' : '';
    if (range) stand(button, range, words.length > LONG);
  }

  function hide(): void {
    clearTimeout(timer);
    words = '';
    show();
  }

  /** The button is the last thing of the page, far from the words: the key goes to it at once, and then on. */
  function onKeyDown(event: KeyboardEvent): void {
    if (button.hidden) return;
    if (event.key === 'Escape') {
      if (root.activeElement === button) event.preventDefault();
      hide();
    } else if (event.key === 'Tab' && !event.shiftKey && !event.ctrlKey && !event.altKey && !root.activeElement) {
      event.preventDefault();
      button.focus({ preventScroll: true });
    }
  }

  document.addEventListener('selectionchange', settle, { signal });
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, settle, { signal, capture: true });
  // On the way down, because the page may keep the key for itself.
  addEventListener('keydown', onKeyDown, { signal, capture: true });
  for (const move of ['scroll', 'resize']) addEventListener(move, show, { signal, capture: true, passive: true });
  // A press must not take the selection away before it counts.
  button.addEventListener('mousedown', (event) => event.preventDefault());
  button.addEventListener('click', () => {
    const asked = words;
    hide();
    onAsk(asked).catch(() => undefined);
  });
  // It is there because words have been selected.
  settle();
  return () => {
    watch.abort();
    clearTimeout(timer);
    place.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
  };
}

function draw(theme: string) {
  const place = document.createElement('div');
  place.className = `corner ${theme}`;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'ask';
  button.hidden = true;
  button.setAttribute('aria-label', 'Ask about the selected text');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICON);
  svg.append(path);
  button.append(svg, 'Ask');
  const hint = document.createElement('div');
  hint.className = 'ask-hint';
  hint.role = 'status';
  place.append(hint, button);
  return { place, button, hint };
}

/** Above the words, below them where there is no room or a finger's own menu stands, and never outside the window. */
function stand(button: HTMLElement, range: Range, isLong: boolean): void {
  const [first, last] = [elementOf(range.startContainer), elementOf(range.endContainer)];
  const start = (isLong ? first : range).getBoundingClientRect();
  const end = isLong ? last.getBoundingClientRect() : start;
  const isRtl = getComputedStyle(first).direction === 'rtl';
  const { width, height } = button.getBoundingClientRect();
  const isCoarse = matchMedia('(pointer: coarse)').matches;
  const above = start.top - GAP - height;
  const wished = isCoarse || above < GAP ? end.bottom + (isCoarse ? HANDLES : GAP) : above;
  const within = (value: number, end: number): number => Math.max(GAP, Math.min(value, end - GAP));
  button.style.top = `${within(wished, innerHeight - height)}px`;
  button.style.left = `${within(isRtl ? start.right - width : start.left, document.documentElement.clientWidth - width)}px`;
  // Words that have been scrolled away take it along.
  button.style.visibility = end.bottom < 0 || start.top > innerHeight ? 'hidden' : '';
}

function elementOf(node: Node): Element {
  return node instanceof Element ? node : (node.parentElement ?? document.documentElement);
}
