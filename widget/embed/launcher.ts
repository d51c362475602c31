import type { TagSettings } from '../panel/panel-options.ts';
import css from './launcher.css?inline';

const SVG = 'http://www.w3.org/2000/svg';
const DEFAULT_LABEL = 'Ask a question';

/** A rounded speech balloon with three lines of text going into it, and a chevron that puts the panel away. */
const ICONS = {
  chat: [
    'M4 11.5a7.5 7.5 0 0 1 7.5-7.5h1a7.5 7.5 0 0 1 0 15H5.2a.9.9 0 0 1-.8-1.3l.9-1.8A7.4 7.4 0 0 1 4 11.5Z',
    'M8.5 10h7',
    'M8.5 13.5h4.5',
  ],
  down: ['m6 9.5 6 6 6-6'],
};

export interface Launcher {
  /** `<pagewise-widget>`, to be put into the page. */
  host: HTMLElement;
  root: ShadowRoot;
  button: HTMLButtonElement;
  showState: (state: 'closed' | 'loading' | 'open') => void;
  /** Shown beside the launcher and announced; empty takes it away. */
  say: (text: string) => void;
}

/** The button in the corner, in a shadow root that the host page's style sheets cannot reach. */
export function createLauncher(tag: TagSettings): Launcher {
  const host = document.createElement('pagewise-widget');
  // Inline and important: nothing in a host page's sheet outranks that, not even `* { all: unset !important }`.
  const armour = {
    all: 'initial',
    display: 'block',
    position: 'fixed',
    inset: '0',
    'z-index': '2147483647',
    'pointer-events': 'none',
  };
  for (const [property, value] of Object.entries(armour)) host.style.setProperty(property, value, 'important');
  if (tag.accent) {
    host.dataset.accent = '';
    host.style.setProperty('--pw-tag-accent', tag.accent);
  }
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const label = tag.label ?? DEFAULT_LABEL;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'launcher';
  button.title = label;
  button.setAttribute('aria-label', label);
  button.setAttribute('aria-haspopup', 'dialog');
  button.append(drawIcon('chat'), drawIcon('down'));
  const says = document.createElement('div');
  says.className = 'says';
  says.role = 'status';
  const corner = document.createElement('div');
  // A style sheet follows the visitor's scheme: asking for it here would make the page compute its styles at once.
  corner.className = `corner ${tag.theme ?? 'auto'} ${tag.position === 'bottom-left' ? 'left' : ''}`;
  corner.append(says, button);
  root.append(corner);

  const showState: Launcher['showState'] = (state) => {
    button.setAttribute('aria-expanded', String(state !== 'closed'));
    button.setAttribute('aria-busy', String(state === 'loading'));
  };
  showState('closed');
  return {
    host,
    root,
    button,
    showState,
    say(text) {
      says.textContent = text;
    },
  };
}

function drawIcon(name: keyof typeof ICONS): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', name);
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
