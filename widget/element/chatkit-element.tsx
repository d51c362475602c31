import type { OpenAIChatKit } from '@openai/chatkit';
import { render } from 'preact';
import { EventGate } from './event-gate.ts';
import { createExtensions, type Extensions } from './extensions.ts';
import { createMethodCalls, type MethodCalls } from './method-calls.ts';
import { type ElementOptions, readOptions, type Settings, unknownKeys } from './options.ts';
import { readContent } from './read-content.ts';
import { type Chat, createChat } from './state/chat.ts';
import type { HostHandlers } from './state/chat-state.ts';
import { draftOf } from './state/draft.ts';
import { en, type Strings } from './strings/en.ts';
import { stringsFor } from './strings/strings.ts';
import { styleSheets } from './styles/sheets.ts';
import { createApiClient } from './transport/api-client.ts';
import { App } from './view/app.tsx';
import { HeadingLevel } from './view/heading.tsx';

/** The module is also imported where there is no DOM (server rendering): the class then extends nothing. */
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

type MessageParams = Parameters<OpenAIChatKit['sendUserMessage']>[0];
type ActionParams = Parameters<OpenAIChatKit['sendCustomAction']>;
type ComposerParams = Parameters<OpenAIChatKit['setComposerValue']>[0];

const NO_HANDLERS: HostHandlers = { onClientTool: undefined, onWidgetAction: undefined };

const warned = new Set<string>();

/** `<openai-chatkit>`: the contract of OpenAI's element, drawn here in an open shadow root instead of their iframe. */
export class ChatKitElement extends Base {
  static observedAttributes = ['classname'];
  /** Tells ours from others that define the tag: not every one draws in a shadow root that can be styled. */
  static readonly isPagewise = true;

  readonly pagewise: Extensions;

  #gate = new EventGate(this, () => this.#calls.open());
  #options: ElementOptions | undefined;
  #settings: Settings | undefined;
  /** Undefined until the first language is there. */
  #strings: Strings | undefined;
  #language: Promise<void> = Promise.resolve();
  #chat: Chat;
  #calls: MethodCalls;
  #root: ShadowRoot;
  #drawn = false;
  #opened = false;
  #composer: HTMLElement | null = null;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    const api = createApiClient(() => {
      if (!this.#settings?.api) throw new Error('openai-chatkit has no api.url');
      return { ...this.#settings.api, locale: this.#settings.locale };
    });
    this.#chat = createChat(api, this.#gate.emit, nextFrame, () => this.#settings?.handlers ?? NO_HANDLERS);
    this.#chat.state.subscribe(() => this.#redraw());
    this.#calls = createMethodCalls({ isBusy: this.#chat.isBusy, subscribe: this.#chat.state.subscribe });
    this.pagewise = createExtensions(this.#chat);
    // Set before the tag was defined: an own property would hide the accessor for ever.
    if (Object.hasOwn(this, 'options')) {
      const early = this.options;
      Reflect.deleteProperty(this, 'options');
      this.options = early;
    }
  }

  get options(): ElementOptions | undefined {
    return this.#options;
  }
  set options(options: ElementOptions | undefined) {
    if (options) this.setOptions(options);
  }

  /** Replaces all options. Never throws: chatkit-react calls this in a layout effect, where a throw ends the host's tree. */
  setOptions(options: ElementOptions): void {
    for (const key of unknownKeys(options)) {
      if (warned.has(key)) continue;
      warned.add(key);
      console.warn(`openai-chatkit: unknown option "${key}" is ignored`);
    }
    this.#options = options;
    const before = this.#settings;
    this.#settings = readOptions(options);
    const { problem, locale, choices } = this.#settings;
    this.#chat.offer(choices);
    if (locale !== before?.locale) this.#speak(locale);
    if (problem && problem !== before?.problem) this.#gate.emit('chatkit.error', { error: new Error(en[problem]) });
    if (this.isConnected) this.#begin();
  }

  connectedCallback(): void {
    this.#calls.enter();
    // Before the options too: they say that the element is a box of its own.
    if (this.#root.adoptedStyleSheets.length === 0) this.#root.adoptedStyleSheets = styleSheets();
    if (this.#settings) this.#begin();
  }

  disconnectedCallback(): void {
    // A move is a removal and an insertion in one task: the chat, its draft and its stream go on.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#gate.leave();
      this.#calls.leave();
      this.#chat.dispose();
      render(null, this.#root);
    });
  }

  attributeChangedCallback(_name: string, before: string | null, value: string | null): void {
    // React 18 writes `className` of a custom element to an attribute of that name, the next ones too.
    const own = this.getAttribute('class');
    if (own === null || own === before) this.className = value ?? '';
  }

  focusComposer(): Promise<void> {
    return this.#calls.run(async () => {
      await this.#language;
      this.#chat.hideHistory();
      this.#draw();
      this.#composer?.focus();
    }, true);
  }

  setThreadId(threadId: string | null): Promise<void> {
    return this.#calls.run(() => this.#chat.openThread(threadId), true);
  }

  /** As if the visitor had sent it; resolves once it is on its way. */
  sendUserMessage(params: MessageParams): Promise<void> {
    return this.#calls.run(() => {
      const content = readContent(params);
      if (content.length === 0 && !params.attachments?.length) throw new Error('sendUserMessage: nothing to send');
      void this.#chat.send({
        content,
        quotedText: params.reply,
        attachments: params.attachments ?? [],
        inferenceOptions: {
          ...(params.toolChoice ? { tool_choice: params.toolChoice } : {}),
          ...(params.model ? { model: params.model } : {}),
        },
        newThread: params.newThread === true,
      });
    }, true);
  }

  /** Sends an action as a turn of its own; rejects with what ended it, or where no thread is active. */
  sendCustomAction(action: ActionParams[0], itemId?: ActionParams[1]): Promise<void> {
    return this.#calls.run(() => this.#chat.sendAction(action, itemId), true);
  }

  /** The name of `sendCustomAction` in OpenAI's older examples. */
  sendAction(...params: ActionParams): Promise<void> {
    return this.sendCustomAction(...params);
  }

  /** Replaces what is named, and keeps the rest of what the composer holds. Rejects a tool or model not on offer. */
  setComposerValue(params: ComposerParams): Promise<void> {
    return this.#calls.run(async () => {
      const { text, content, reply, attachments, files, selectedToolId, selectedModelId } = params;
      if (selectedToolId !== undefined) this.#chat.selectTool(selectedToolId);
      if (selectedModelId !== undefined) this.#chat.selectModel(selectedModelId);
      if (text !== undefined || content) {
        const draft = draftOf(readContent(params));
        this.#chat.setDraft(draft.text, draft.tags);
      }
      if (reply !== undefined) this.#chat.setQuote(reply || undefined);
      if (attachments) await this.#chat.changeAttachments((all) => all.replace(attachments));
      if (!files) return;
      const limits = this.#settings?.attachments;
      if (!limits) throw new Error('setComposerValue: attachments are not enabled');
      await this.#chat.changeAttachments((all) => all.add(files, limits));
      const { note } = this.#chat.state.get();
      if (note) this.#gate.emit('chatkit.error', { error: new Error(note(en, en.locale)) });
    });
  }

  showHistory(): Promise<void> {
    return this.#calls.run(() => {
      if (!this.#settings?.history.enabled) throw new Error('showHistory: the history is not enabled');
      this.#chat.showHistory();
    });
  }

  hideHistory(): Promise<void> {
    return this.#calls.run(() => this.#chat.hideHistory());
  }

  /** Reads the thread, and an open history, again. */
  fetchUpdates(): Promise<void> {
    return this.#calls.run(() => this.#chat.refresh(), true);
  }

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    if (!listener) return;
    super.addEventListener(type, listener, options);
    if (type !== 'chatkit.ready') return;
    this.#gate.listenerAdded(listener, typeof options === 'object' ? options.signal : undefined);
  }

  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void {
    if (!listener) return;
    super.removeEventListener(type, listener, options);
    if (type === 'chatkit.ready') this.#gate.listenerRemoved(listener);
  }

  #begin(): void {
    const { api, initialThread } = this.#settings as Settings;
    this.#draw();
    this.#gate.start(api !== undefined);
    if (!api) return;
    const { threadId, thread } = this.#chat.state.get();
    // The option counts once; after a removal in the middle of loading, the active thread is read again.
    const wanted = this.#opened ? threadId : initialThread;
    this.#opened = true;
    if (wanted !== null && !thread && !this.#chat.isBusy()) this.#chat.openThread(wanted).catch(() => undefined);
  }

  /** Draws in another language, once its texts are there; the first drawing waits for them. */
  #speak(locale: string): void {
    const strings = stringsFor(locale);
    if (!(strings instanceof Promise)) {
      this.#strings = strings;
      return;
    }
    this.#language = strings.then((loaded) => {
      if (this.#settings?.locale !== locale) return;
      this.#strings = loaded;
      this.#redraw();
    });
  }

  /** One drawing for all changes of a task. */
  #redraw(): void {
    if (this.#drawn) return;
    this.#drawn = true;
    queueMicrotask(() => {
      this.#drawn = false;
      if (this.isConnected) this.#draw();
    });
  }

  #draw(): void {
    const settings = this.#settings;
    const strings = this.#strings;
    if (!settings || !strings) return;
    render(
      <HeadingLevel.Provider value={readHeadingLevel(this.dataset['pagewiseHeadingLevel'])}>
        <App
          state={this.#chat.state.get()}
          chat={this.#chat}
          settings={settings}
          strings={strings}
          composerRef={(node) => {
            this.#composer = node;
          }}
        />
      </HeadingLevel.Provider>,
      this.#root,
    );
  }
}

/** The title's level in the page's outline, 2 where the page says none from 1 to 6. */
function readHeadingLevel(given: string | undefined): number {
  const level = Number(given);
  return Number.isInteger(level) && level >= 1 && level <= 6 ? level : 2;
}

/** The next frame, or a quarter of a second in a hidden tab, where no frames come. */
function nextFrame(callback: () => void): void {
  let called = false;
  const once = () => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    callback();
  };
  const timer = setTimeout(once, 250);
  requestAnimationFrame(once);
}
