import { setImmediate } from 'node:timers/promises';
import { Agent, type Model, Runner, type RunStreamEvent } from '@openai/agents';
import { applyEvent } from '../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadItem, UserMessageItem } from '../../protocol/item.ts';
import type { Thread, ThreadMetadata } from '../../protocol/thread.ts';
import type { AgentContext } from '../chatkit/agent-context.ts';
import type { Store } from '../chatkit/store.ts';
import type { Context } from '../context.ts';
import type { Log } from '../log.ts';
import { cite } from './cite.ts';
import { HISTORY_MAX_ITEMS, textOfUserMessage, toHistory } from './history.ts';
import { writeInstructions } from './instructions.ts';
import { type ModelInput, writeModelInput } from './model-input.ts';
import { parsePageContext } from './page-context.ts';
import { toPageSource } from './page-source.ts';
import { toPassages } from './passages.ts';
import { titleFromModel, titleFromQuestion } from './title.ts';

export interface RespondDeps {
  store: Store<Context>;
  model: Model;
  /** The model that writes titles; without one a title stays the beginning of the question. */
  titleModel?: Model | undefined;
  createAgentContext: (thread: ThreadMetadata, context: Context) => AgentContext<Context>;
  streamAgentResponse: (
    context: AgentContext<Context>,
    run: AsyncIterable<RunStreamEvent>,
  ) => AsyncIterable<ThreadStreamEvent>;
  log: Pick<Log, 'warn'>;
}

/** A turn is one answer; a few more rounds are room for tools. */
const MAX_TURNS = 4;

/**
 * Makes the responder: a user's message in, the events of the answer out. The thread is live: its title and the page
 * it is about are set on it, and the caller saves what changed. What is said of the page comes from
 * `context.metadata.pageContext` of this very request.
 *
 * When the model fails the part of the answer that was shown ends with `thread.item.done`, so that it is kept, and the
 * failure is thrown after it. When `context.signal` aborts, the events just end.
 */
export function createRespond(deps: RespondDeps) {
  const runner = new Runner({ tracingDisabled: true, traceIncludeSensitiveData: false });

  return async function* respond(
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
  ): AsyncGenerator<ThreadStreamEvent> {
    if (!item) return;
    const page = parsePageContext(context.metadata.pageContext);
    const question = textOfUserMessage(item);

    const passages = toPassages(page?.text ?? '');
    const input: ModelInput = { question, passages, history: await loadHistory(context, thread, item) };
    if (page) {
      const { url, title, description, headings, lang, selection } = page;
      input.page = { url, title, description, headings, lang, ...(selection ? { selection } : {}) };
    }
    if (item.quoted_text) input.quoted = item.quoted_text;

    const agent = new Agent({
      name: 'Pagewise',
      instructions: writeInstructions(context.site),
      model: deps.model,
      modelSettings: { store: false },
    });
    const agentContext = deps.createAgentContext(thread, context);
    const run = await runner.run(agent, writeModelInput(input), {
      stream: true,
      signal: context.signal,
      maxTurns: MAX_TURNS,
    });
    const events = cite(deps.streamAgentResponse(agentContext, run), (n) => {
      const passage = passages[n - 1];
      return page && passage && toPageSource(page, passage);
    });

    const title = thread.title === undefined ? new LateTitle(deps, runner, thread, question, context) : undefined;
    let isDescribed = false;
    const describe = (): void => {
      isDescribed = true;
      if (page) thread.metadata.page = { url: page.url, title: page.title };
      title?.useQuestion();
    };
    try {
      for await (const event of keepPartial(events, thread)) {
        yield event;
        if (isDescribed || !isDelta(event)) continue;
        // The first words leave the process before title and page are saved: both cost a visitor nothing that way.
        await setImmediate();
        describe();
        title?.askModel();
      }
    } finally {
      // Nothing was said: the thread still needs a name in the history, but no model is asked for it.
      if (!isDescribed) describe();
      title?.endStream();
    }
  };

  async function loadHistory(context: Context, thread: ThreadMetadata, item: UserMessageItem) {
    const page = await deps.store.loadItems(context, thread.id, { limit: HISTORY_MAX_ITEMS, order: 'desc' });
    return toHistory(page?.data ?? [], item);
  }
}

/** A title made beside the answer: set on the live thread while that streams, saved through the store after it. */
class LateTitle {
  readonly #deps: RespondDeps;
  readonly #runner: Runner;
  readonly #thread: ThreadMetadata;
  readonly #question: string;
  readonly #context: Context;
  #streaming = true;

  constructor(deps: RespondDeps, runner: Runner, thread: ThreadMetadata, question: string, context: Context) {
    this.#deps = deps;
    this.#runner = runner;
    this.#thread = thread;
    this.#question = question;
    this.#context = context;
  }

  useQuestion(): void {
    this.#thread.title = titleFromQuestion(this.#question);
  }

  askModel(): void {
    if (!this.#deps.titleModel) return;
    this.#make(this.#deps.titleModel).catch((error: unknown) => {
      this.#deps.log.warn({ err: error }, 'no title from the model');
    });
  }

  endStream(): void {
    this.#streaming = false;
  }

  async #make(model: Model): Promise<void> {
    const before = this.#thread.title;
    const title = await titleFromModel(this.#runner, model, this.#question);
    if (title === undefined) return;
    if (this.#streaming) {
      if (this.#thread.title === before) this.#thread.title = title;
      return;
    }
    const stored = await this.#deps.store.loadThread(this.#context, this.#thread.id);
    // Renamed or deleted meanwhile: the visitor's word stands.
    if (stored?.title === before && stored) await this.#deps.store.saveThread(this.#context, { ...stored, title });
  }
}

/** The same events; when they end by a throw, items that were begun end with what was shown of them first. */
async function* keepPartial(
  events: AsyncIterable<ThreadStreamEvent>,
  thread: ThreadMetadata,
): AsyncGenerator<ThreadStreamEvent> {
  let shown: Thread = { ...thread, items: { data: [], has_more: false } };
  const done = new Set<string>();
  try {
    for await (const event of events) {
      shown = applyEvent(shown, event);
      if (event.type === 'thread.item.done') done.add(event.item.id);
      yield event;
    }
  } catch (error) {
    const partial = shown.items.data.filter((item) => !done.has(item.id) && hasText(item));
    for (const item of partial) yield { type: 'thread.item.done', item };
    throw error;
  }
}

function isDelta(event: ThreadStreamEvent): boolean {
  return event.type === 'thread.item.updated' && event.update.type === 'assistant_message.content_part.text_delta';
}

function hasText(item: ThreadItem): boolean {
  return item.type === 'assistant_message' && item.content.some(({ text }) => text.trim() !== '');
}
