import { setImmediate } from 'node:timers/promises';
import { Agent, type Model, Runner, type RunStreamEvent } from '@openai/agents';
import { applyEvent } from '../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadItem, UserMessageItem } from '../../protocol/item.ts';
import type { PageContext } from '../../protocol/page-context.ts';
import { READ_PAGE } from '../../protocol/page-tools.ts';
import type { Thread, ThreadMetadata } from '../../protocol/thread.ts';
import type { AgentContext } from '../chatkit/agents/agent-context.ts';
import type { Store } from '../chatkit/store.ts';
import type { Context } from '../context.ts';
import type { Log } from '../log.ts';
import { languageOf } from './builtin/question.ts';
import { cite } from './cite.ts';
import { parseClientTools } from './client-tools.ts';
import { toFileSource } from './file-source.ts';
import { HISTORY_MAX_ITEMS, textOfUserMessage, toOpenTurn } from './history.ts';
import { writeInstructions } from './instructions.ts';
import type { Mcp } from './mcp/mcp.ts';
import { redactEvents } from './mcp/redact-events.ts';
import { type AskFirst, createMcpTools } from './mcp/tools.ts';
import { type ModelInput, writeModelInput } from './model-input.ts';
import { parsePageContext } from './page-context.ts';
import { toPageSource } from './page-source.ts';
import { createPageTools } from './page-tools.ts';
import { type Heading, toOutline, toPassages } from './passages.ts';
import { type ReadAttachment, readFiles } from './read-files.ts';
import { titleFromModel, titleFromQuestion } from './title.ts';
import { TURN_PHRASES } from './turn-phrases.ts';
import { withCorrections } from './with-corrections.ts';

export interface RespondDeps {
  store: Store<Context>;
  model: Model;
  /** The model that writes titles; without one a title stays the beginning of the question. */
  titleModel?: Model | undefined;
  /** A model by the name that a site has set; without it `model` answers for every site. */
  named?: ((name: string) => Model) | undefined;
  /** Without it a model gets the names of attached files alone. */
  readAttachment?: ReadAttachment;
  /** Without it the tools of a site's own servers are not used. */
  mcp?: Mcp;
  /** Without it the model gets none of them that changes something. */
  askFirst?: AskFirst;
  createAgentContext: (thread: ThreadMetadata, context: Context) => AgentContext<Context>;
  streamAgentResponse: (
    context: AgentContext<Context>,
    run: AsyncIterable<RunStreamEvent>,
    options: { tasks: { functionCall: (name: string) => string | undefined } },
  ) => AsyncIterable<ThreadStreamEvent>;
  log: Pick<Log, 'warn'>;
}

/** A turn is one answer; a few more rounds are room for the tools of the page. */
const MAX_TURNS = 4;
/** What a site's own tools are asked for may take several steps, of which each needs what the one before it said. */
const MAX_TURNS_WITH_TOOLS = 12;
/** How often one answer may ask for more of the page: each time the visitor waits. */
const MAX_READS = 2;

/**
 * Makes the responder: a user's message in, the events of the answer out. The thread is live: its title and the page
 * it is about are set on it, and the caller saves what changed. What is said of the page comes from
 * `context.metadata.pageContext` of this very request. Without a message the visitor's newest question is answered:
 * its turn goes on after a client has read more of the page, which this request then brings.
 *
 * When the model fails the part of the answer that was shown ends with `thread.item.done`, so that it is kept, and the
 * failure is thrown after it. When `context.signal` aborts, the events just end.
 */
export function createRespond({ named, ...ours }: RespondDeps) {
  const runner = new Runner({ tracingDisabled: true, traceIncludeSensitiveData: false });

  return async function* respond(
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
  ): AsyncGenerator<ThreadStreamEvent> {
    const wanted = context.site.settings.model;
    const own = wanted === undefined ? undefined : named?.(wanted);
    const deps = own ? { ...ours, model: own, titleModel: own } : ours;
    const page = parsePageContext(context.metadata.pageContext);
    const newest = await deps.store.loadItems(context, thread.id, { limit: HISTORY_MAX_ITEMS, order: 'desc' });
    const turn = toOpenTurn(newest?.data ?? [], item);
    if (!turn) return;
    const { history, lookedFor, since } = turn;
    const question = textOfUserMessage(turn.question);
    const phrases = TURN_PHRASES[languageOf(question)];
    const agentContext = deps.createAgentContext(thread, context);
    if (page && lookedFor.length > 0)
      yield { type: 'thread.item.done', item: makeReadTask(agentContext, phrases.readMore) };

    const passages = toPassages(page?.text ?? '');
    const outline = toOutline(page?.text ?? '');
    const { attachments } = turn.question;
    const files = await readFiles(attachments, context, deps.readAttachment, passages.length + 1);
    const input: ModelInput = { question, passages, files, history };
    const user = describeUser(context.user);
    if (user) input.user = user;
    if (page) input.page = describePage(page, outline, lookedFor);
    if (since.length > 0) input.since = since;
    if (turn.question.quoted_text) input.quoted = turn.question.quoted_text;

    const mcpTools = await createMcpTools({ mcp: deps.mcp, askFirst: deps.askFirst, agentContext });
    if (mcpTools.failures.length > 0) input.missingTools = mcpTools.failures;
    const clientTools = parseClientTools(context.metadata.clientTools);
    const mayReadMore = lookedFor.length < MAX_READS;
    let isCutShort = false;
    const cutShort = (): void => {
      isCutShort = true;
      agentContext.endWorkflow();
    };
    const agent = new Agent<AgentContext<Context>>({
      name: 'Pagewise',
      instructions: writeInstructions(context.site, mcpTools.exposed.paragraphs),
      model: withCorrections(deps.model, cutShort),
      modelSettings: { store: false },
      tools: [
        ...(page ? createPageTools({ agentContext, clientTools, page, passages, outline, phrases, mayReadMore }) : []),
        ...mcpTools.tools,
      ],
      toolUseBehavior: (_, results) => {
        const called = results.map(({ tool }) => tool.name);
        return called.includes(READ_PAGE) || mcpTools.isFinal(called)
          ? { isFinalOutput: true, isInterrupted: undefined, finalOutput: '' }
          : { isFinalOutput: false, isInterrupted: undefined };
      },
    });
    const run = await runner.run(agent, writeModelInput(input), {
      context: agentContext,
      stream: true,
      signal: context.signal,
      maxTurns: mcpTools.tools.length > 0 ? MAX_TURNS_WITH_TOOLS : MAX_TURNS,
      toolNotFoundBehavior: 'return_error_to_model',
      errorHandlers: {
        maxTurns: () => {
          cutShort();
          return { finalOutput: '', includeInHistory: false };
        },
      },
    });
    const said = deps.streamAgentResponse(agentContext, run, { tasks: { functionCall: mcpTools.titleOf } });
    const { secrets } = mcpTools.exposed;
    if (secrets.length > 0) deps.log.warn({ code: 'legacy_prompt' }, 'a model is shown the credentials of a user');
    const events = cite(secrets.length > 0 ? redactEvents(said, secrets) : said, (n) => {
      const passage = passages[n - 1];
      return page && passage ? toPageSource(page, passage) : toFileSource(files, n);
    });

    // A turn that goes on may have its title from the question only.
    const subject = question.trim() === '' ? attachments.map(({ name }) => name).join(', ') : question;
    const isUntitled = thread.title === undefined || (!item && thread.title === titleFromQuestion(subject));
    const title = isUntitled ? new LateTitle(deps, runner, thread, subject, context) : undefined;
    const limitReached: ThreadStreamEvent = {
      type: 'error',
      code: 'custom',
      message: phrases.limitReached,
      allow_retry: true,
    };
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
      if (isCutShort || mcpTools.isExhausted()) yield limitReached;
    } finally {
      // Nothing was said: the thread still needs a name in the history, but no model is asked for it.
      if (!isDescribed) describe();
      title?.endStream();
      // Nobody waits for it: a server of the older edition is told that its session has ended.
      deps.mcp?.end(context).catch((error: unknown) => deps.log.warn({ err: error }, 'a tool was not let go of'));
    }
  };
}

/** The name and the claims that the site has chosen: the id is for us alone. */
function describeUser(user: Context['user']): ModelInput['user'] {
  if (!user || (user.name === undefined && Object.keys(user.claims).length === 0)) return undefined;
  const { name, claims } = user;
  return { ...(name !== undefined && { name }), claims };
}

/** What a model is told of the page besides its passages. Of a page that was sent in part it gets all headings. */
function describePage(page: PageContext, outline: Heading[], lookedFor: string[]): NonNullable<ModelInput['page']> {
  const { url, title, description, headings, lang, selection, partial } = page;
  return {
    url,
    title,
    description,
    headings: partial ? outline.map(({ words }) => words) : headings,
    lang,
    ...(selection && { selection }),
    ...(partial && { partial }),
    ...(lookedFor.length > 0 && { lookedFor }),
  };
}

/** For the visitor to see later, too, that the answer is from more of the page than went along with the question. */
function makeReadTask(context: AgentContext<Context>, title: string): ThreadItem {
  return {
    id: context.generateId('task'),
    thread_id: context.thread.id,
    created_at: context.now().toISOString(),
    type: 'task',
    task: { type: 'custom', title, icon: 'search', status_indicator: 'complete' },
  };
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
