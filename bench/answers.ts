import { readdirSync, readFileSync } from 'node:fs';
import { applyEvent } from '../protocol/apply-event.ts';
import type { AssistantMessageContent, UserMessageItem } from '../protocol/item.ts';
import type { PageContext } from '../protocol/page-context.ts';
import type { Thread, ThreadMetadata } from '../protocol/thread.ts';
import { createModel } from '../server/agent/create-model.ts';
import { createRespond } from '../server/agent/respond.ts';
import { AgentContext } from '../server/chatkit/agents/agent-context.ts';
import { streamAgentResponse } from '../server/chatkit/agents/stream-agent-response.ts';
import { createMemoryStore } from '../server/chatkit/memory-store.ts';
import type { Context } from '../server/context.ts';

/** One page with what visitors ask about it. `gold` must stand in the answer; without it the page does not say. */
interface QuestionSet {
  /** `dev` may be looked at while tuning; `held-out` may not. */
  half: 'dev' | 'held-out';
  page: PageContext;
  questions: { question: string; gold?: string[] }[];
}

interface Figures {
  answerable: number;
  /** Percent of the answerable questions whose answer holds all that was looked for. */
  right: number;
  unanswerable: number;
  /** Percent of the unanswerable questions that were declined: nothing of the page was quoted. */
  declined: number;
}

interface Outcome {
  half: QuestionSet['half'];
  lang: string;
  url: string;
  question: string;
  isAnswerable: boolean;
  isRight: boolean;
  answer: string;
}

/** The score of the built-in model on `bench/questions`, through the responder a visitor's message takes. */
export async function scoreAnswers(): Promise<Record<string, Figures>> {
  const outcomes = await answerAll();
  const halves = (['dev', 'held-out'] as const).flatMap((half) =>
    ['en', 'zh', 'ja'].map((lang) => [`${half}, ${lang}`, ofOutcomes(outcomes, { half, lang })] as const),
  );
  return {
    all: ofOutcomes(outcomes, {}),
    dev: ofOutcomes(outcomes, { half: 'dev' }),
    'held-out': ofOutcomes(outcomes, { half: 'held-out' }),
    ...Object.fromEntries(halves),
  };
}

function ofOutcomes(outcomes: Outcome[], where: Partial<Pick<Outcome, 'half' | 'lang'>>): Figures {
  const some = outcomes.filter(({ half, lang }) => half === (where.half ?? half) && lang === (where.lang ?? lang));
  const answerable = some.filter(({ isAnswerable }) => isAnswerable);
  const unanswerable = some.filter(({ isAnswerable }) => !isAnswerable);
  return {
    answerable: answerable.length,
    right: percentRight(answerable),
    unanswerable: unanswerable.length,
    declined: percentRight(unanswerable),
  };
}

function percentRight(outcomes: Outcome[]): number {
  const right = outcomes.filter(({ isRight }) => isRight).length;
  return Math.round((1000 * right) / Math.max(1, outcomes.length)) / 10;
}

async function answerAll(): Promise<Outcome[]> {
  const folder = new URL('./questions/', import.meta.url);
  const outcomes: Outcome[] = [];
  for (const name of readdirSync(folder).toSorted()) {
    const { half, page, questions } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as QuestionSet;
    for (const { question, gold } of questions) {
      const { text, annotations } = await answer(page, question);
      const isRight = gold ? gold.every((words) => text.includes(words)) : annotations.length === 0;
      outcomes.push({
        half,
        lang: page.lang,
        url: page.url,
        question,
        isAnswerable: gold !== undefined,
        isRight,
        answer: text,
      });
    }
  }
  return outcomes;
}

const store = createMemoryStore<Context>(() => 'bench');
const respond = createRespond({
  store,
  model: createModel({}).model,
  createAgentContext: (thread, requestContext) =>
    new AgentContext({ thread, store, requestContext, now: () => new Date() }),
  streamAgentResponse,
  log: { warn: (_fields, message) => console.error(message) },
});

async function answer(page: PageContext, question: string): Promise<AssistantMessageContent> {
  const thread: ThreadMetadata = {
    id: 'thr_bench',
    created_at: page.timestamp,
    status: { type: 'active' },
    metadata: {},
  };
  const item: UserMessageItem = {
    id: 'msg_bench',
    thread_id: thread.id,
    created_at: page.timestamp,
    type: 'user_message',
    content: [{ type: 'input_text', text: question }],
    attachments: [],
    inference_options: {},
  };
  const context: Context = {
    site: {
      id: 'bench',
      name: 'Bench',
      origins: [],
      epoch: 0,
      settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' }, mcpServers: [] },
    },
    owner: 'v_bench',
    metadata: { pageContext: page },
    signal: new AbortController().signal,
  };
  let shown: Thread = { ...thread, items: { data: [], has_more: false } };
  for await (const event of respond(thread, item, context)) shown = applyEvent(shown, event);
  const message = shown.items.data.at(-1);
  const content = message?.type === 'assistant_message' ? message.content[0] : undefined;
  if (!content) throw new Error(`no answer to "${question}"`);
  return content;
}

// As a command: the figures; with `--wrong`, before them what went wrong on the half that may be tuned on.
if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--wrong')) {
    for (const { half, url, question, isRight, isAnswerable, answer } of await answerAll())
      if (half === 'dev' && !isRight)
        console.log(`${isAnswerable ? 'WRONG' : 'NOT DECLINED'} ${url} ${question}\n${answer}\n`);
  }
  console.log(JSON.stringify(await scoreAnswers(), undefined, 1));
}
