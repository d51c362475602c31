// Stands in for the script that OpenAI hosts, as far as the published contract tells: a tag that is defined late, options
// that are checked strictly, a frame of another origin that draws everything, and events that come from there later.
// `ORIGIN` and `LATE` are put in front by the server.
/* global ORIGIN, LATE */

const KNOWN = {
  api: ['url', 'domainKey', 'fetch', 'uploadStrategy'],
  locale: [],
  theme: ['colorScheme', 'radius', 'density', 'typography', 'color'],
  frameTitle: [],
  initialThread: [],
  onClientTool: [],
  header: ['enabled', 'title', 'leftAction', 'rightAction'],
  history: ['enabled', 'showDelete', 'showRename'],
  startScreen: ['greeting', 'prompts'],
  composer: ['placeholder', 'attachments', 'tools', 'models', 'dictation'],
  commands: ['enabled', 'onSearch', 'onSelect'],
  threadItemActions: ['feedback', 'retry'],
  thread: ['autoScroll'],
  disclaimer: ['text', 'highContrast'],
  entities: ['onTagSearch', 'showComposerMenu', 'onClick', 'onRequestPreview'],
  widgets: ['onAction'],
};

/** The first thing about the options that is not in the contract. */
function faultOf(options) {
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(KNOWN, key)) return key;
    const inner = typeof value === 'object' && value !== null && KNOWN[key].length > 0 ? Object.keys(value) : [];
    const unknown = inner.find((name) => !KNOWN[key].includes(name));
    if (unknown) return `${key}.${unknown}`;
  }
  const { url, domainKey, uploadStrategy } = options.api ?? {};
  if (typeof url !== 'string' || typeof domainKey !== 'string') return 'api';
  return options.composer?.attachments?.enabled && !uploadStrategy ? 'api.uploadStrategy' : undefined;
}

class HostedChatKit extends HTMLElement {
  #options;
  #frame;
  #threadId = null;
  #busy = false;
  #root = this.attachShadow({ mode: 'open' });

  setOptions(options) {
    const fault = faultOf(options);
    if (fault) {
      const error = new Error(`Invalid frame params: ChatKit.create(): at ${fault}`);
      error.name = 'InvalidFrameParamsError';
      setTimeout(() => this.#emit('chatkit.error', { error }));
      return;
    }
    this.#options = options;
    if (this.isConnected) this.#start();
  }

  connectedCallback() {
    if (this.#options) this.#start();
  }

  disconnectedCallback() {
    this.#frame?.remove();
    this.#frame = undefined;
    removeEventListener('message', this.#onMessage);
  }

  async focusComposer() {
    this.#frame?.focus();
    this.#tell({ focus: true });
  }

  async setThreadId(threadId) {
    if (this.#busy) throw new Error('busy');
    this.#setThread(threadId);
  }

  async sendUserMessage({ text, reply }) {
    if (this.#busy) throw new Error('busy');
    void this.#send(text, reply ?? '');
  }

  async setComposerValue({ text, reply }) {
    if (this.#busy) throw new Error('busy');
    this.#tell({ composer: { text, reply } });
  }

  #start() {
    if (this.#frame) return;
    const frame = document.createElement('iframe');
    frame.src = `${ORIGIN}/frame.html`;
    frame.title = this.#options.frameTitle ?? 'Chat';
    Object.assign(frame.style, { border: '0', width: '100%', height: '100%', display: 'block' });
    this.#frame = frame;
    addEventListener('message', this.#onMessage);
    this.#root.append(frame);
  }

  #onMessage = ({ source, origin, data }) => {
    if (origin !== ORIGIN || source !== this.#frame?.contentWindow) return;
    const { api, theme, startScreen, composer } = this.#options;
    const { colorScheme } = theme ?? {};
    if (data === 'loaded')
      this.#tell({
        create: {
          domainKey: api.domainKey,
          domain: location.origin,
          colorScheme,
          startScreen,
          placeholder: composer?.placeholder,
        },
      });
    if (data === 'ready') void this.#ready();
    if (data === 'refused') this.#refused();
    if (data.send) void this.#send(data.send.text, data.send.reply);
  };

  async #ready() {
    this.#emit('chatkit.ready');
    const { history, initialThread } = this.#options;
    if (history?.enabled) await this.#ask('threads.list', { limit: 9999, order: 'desc' });
    if (!initialThread) return;
    this.#emit('chatkit.thread.load.start', { threadId: initialThread });
    const thread = await (await this.#ask('threads.get_by_id', { thread_id: initialThread })).json();
    this.#setThread(initialThread);
    for (const item of thread.items?.data ?? []) this.#tell({ item });
    this.#emit('chatkit.thread.load.end', { threadId: initialThread });
  }

  #refused() {
    this.#frame?.remove();
    const error = new Error(`Domain verification failed for ${location.origin}`);
    error.name = 'DomainVerificationError';
    this.#emit('chatkit.error', { error });
  }

  async #send(text, quoted_text) {
    this.#busy = true;
    this.#emit('chatkit.response.start');
    const input = { content: [{ type: 'input_text', text }], quoted_text, attachments: [], inference_options: {} };
    const response = await (this.#threadId
      ? this.#ask('threads.add_user_message', { input, thread_id: this.#threadId })
      : this.#ask('threads.create', { input }));
    let rest = '';
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + part).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) if (block.startsWith('data: ')) this.#follow(JSON.parse(block.slice(6)));
    }
    this.#busy = false;
    this.#emit('chatkit.response.end');
  }

  #follow(event) {
    if (event.type === 'thread.created') this.#setThread(event.thread.id);
    if (event.type === 'thread.item.done') this.#tell({ item: event.item });
    if (event.type === 'client_effect') this.#emit('chatkit.effect', { name: event.name, data: event.data });
  }

  #ask(type, params) {
    const { fetch, url } = this.#options.api;
    return (fetch ?? globalThis.fetch).call(undefined, url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: /create|add_/.test(type) ? 'text/event-stream' : 'application/json',
        'Accept-Language': this.#options.locale ?? navigator.language,
        'chatkit-frame-instance-id': 'frame_1',
      },
      body: JSON.stringify({ type, params }),
      signal: new AbortController().signal,
    });
  }

  #setThread(threadId) {
    if (threadId === this.#threadId) return;
    this.#threadId = threadId;
    this.#emit('chatkit.thread.change', { threadId });
  }

  #tell(message) {
    this.#frame?.contentWindow?.postMessage(message, ORIGIN);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, detail && { detail }));
  }
}

const define = () => customElements.get('openai-chatkit') ?? customElements.define('openai-chatkit', HostedChatKit);
// Late: when the test says so.
if (LATE) addEventListener('hosted-chatkit:define', define);
else setTimeout(define, 50);
