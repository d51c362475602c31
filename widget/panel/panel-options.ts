import type { PageContextLevel } from '../../protocol/page-context.ts';

/** What the script tag says. `undefined`: absent or unusable; the site's setting holds then. */
export interface TagSettings {
  /** Empty when the tag has none: the panel then says what is wrong. */
  siteToken: string;
  position: 'bottom-right' | 'bottom-left';
  theme: 'auto' | 'light' | 'dark' | undefined;
  accent: string | undefined;
  locale: string | undefined;
  label: string | undefined;
  greeting: string | undefined;
  context: PageContextLevel | undefined;
  /** Whether words that are selected on the page can be asked about by a button beside them. */
  selection: 'on' | 'off' | undefined;
  /** Whose chat element: `self`, `openai`, or the address of a script. */
  chatkit: string | undefined;
  /** The key by which OpenAI's element knows the site. */
  domainKey: string | undefined;
  userToken: string | undefined;
  open: boolean;
}

/** All that the panel knows of the script that loaded it. */
export interface PanelOptions {
  /** The widget's open shadow root, in which the panel adds one element and one style sheet. */
  root: ShadowRoot;
  /** Address of the chat server, with a closing slash. */
  server: string;
  tag: TagSettings;
  /** The site's proof of who the user is, from the tag or from `identify`. */
  userToken: string | undefined;
  /** Loads the chunk that defines `openai-chatkit`. Rejects when it cannot be had. */
  loadElement: () => Promise<unknown>;
  /** What the host page gave to `setContext`, a function or a value, unchecked; `undefined` if nothing. */
  hostContext: () => unknown;
  /** Tells the host page: `pagewise:*` on `window`, and both these and `chatkit.*` through `pagewise.on`. */
  emit: (event: string, detail?: unknown) => void;
  /** The visitor asked to close the panel. */
  onClose: () => void;
}

/** What `widget.js` can do with a mounted panel. Every promise settles; a rejection is an `Error` to show to developers. */
export interface PanelHandle {
  /** Shows the panel. Resolves when the composer can be typed in. `focus` moves the focus there. */
  show: (options: { focus: boolean }) => Promise<void>;
  hide: () => void;
  /** Puts words of the page into the composer, as what the next message is about. */
  quote: (words: string) => Promise<void>;
  /** Sends `text` as the visitor's own message, once the composer is ready. */
  ask: (text: string) => Promise<void>;
  /** Goes on as the user of this token. Resolves when the server believes it; before the first `show` nothing is asked. */
  identify: (userToken: string) => Promise<void>;
  /** Ends the visitor, here at once and at the server, and starts as a new one with an empty thread. */
  logout: () => Promise<void>;
  destroy: () => void;
}
