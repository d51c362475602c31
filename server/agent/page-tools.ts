import { type Tool, tool } from '@openai/agents';
import { z } from 'zod';
import type { PageContext } from '../../protocol/page-context.ts';
import { type PageTool, type PassagePlace, READ_PAGE, SHOW_PASSAGE } from '../../protocol/page-tools.ts';
import type { AgentContext } from '../chatkit/agents/agent-context.ts';
import type { Context } from '../context.ts';
import { writeOutline } from './outline-widget.ts';
import { type Heading, type Passage, withoutHeader } from './passages.ts';
import type { TurnPhrases } from './turn-phrases.ts';

/** A client runs what a model calls, so what it says is cut to what a search needs. */
const QUERY_CHARS = 200;

export interface PageToolsInput {
  agentContext: AgentContext<Context>;
  /** What the client can do. */
  clientTools: ReadonlySet<PageTool>;
  page: PageContext;
  passages: Passage[];
  outline: Heading[];
  phrases: TurnPhrases;
  /** Whether the turn may still ask for more of the page. */
  mayReadMore: boolean;
}

/**
 * What a model can do with the page. A tool that needs the client is there only when this client runs it: another one,
 * such as OpenAI's own element, would leave the turn waiting for ever. After one round of calls a tool is offered no
 * more: small models repeat theirs until the run is over, and have said nothing.
 */
export function createPageTools(input: PageToolsInput): Tool<AgentContext<Context>>[] {
  const { clientTools, page, passages, outline, mayReadMore } = input;
  const tools: Tool<AgentContext<Context>>[] = [];
  if (clientTools.has(READ_PAGE) && page.partial && mayReadMore) tools.push(readPage(input));
  if (clientTools.has('show_passage') && passages.length > 0) tools.push(showPassage(input));
  if (clientTools.has('show_passage') && outline.length > 1) tools.push(showOutline(input));
  return tools;
}

function readPage({ agentContext, phrases }: PageToolsInput) {
  return tool({
    name: READ_PAGE,
    description:
      'Reads more of the page, of which you were given only some passages: those nearest to `query` are added. Use it before you say that the page does not answer. Search with the words that the page may use, other ones than the visitor used and than `lookedFor` has.',
    parameters: z.object({ query: z.string() }),
    execute: ({ query }) => {
      agentContext.stream({ type: 'progress_update', text: phrases.readingMore, icon: 'search' });
      agentContext.clientToolCall = {
        name: READ_PAGE,
        arguments: { query: query.slice(0, QUERY_CHARS).toWellFormed() },
      };
      return 'The page is being read.';
    },
  });
}

function showPassage({ agentContext, passages }: PageToolsInput) {
  let isCalled = false;
  return tool({
    name: 'show_passage',
    description:
      'Scrolls the visitor’s page to passage number `n` and highlights it. Only when the visitor asks where something stands, or to be shown it.',
    parameters: z.object({ n: z.number() }),
    isEnabled: () => !isCalled,
    execute: ({ n }) => {
      isCalled = true;
      const passage = passages[n - 1];
      if (!passage) return `There is no passage ${n}.`;
      agentContext.stream({ type: 'client_effect', name: SHOW_PASSAGE, data: { ...placeOf(passage) } });
      return 'The visitor sees the passage highlighted.';
    },
  });
}

function showOutline({ agentContext, page, outline, phrases }: PageToolsInput) {
  let isCalled = false;
  return tool({
    name: 'show_outline',
    description:
      'Shows the visitor the headings of the page as a list to click. Use it when asked what is on the page, and do not list the headings yourself.',
    parameters: z.object({}),
    isEnabled: () => !isCalled,
    execute: async () => {
      isCalled = true;
      const { widget, copyText } = writeOutline(page, outline, phrases.onThisPage);
      await agentContext.streamWidget(widget, { copyText });
      return 'The visitor sees the outline.';
    },
  });
}

function placeOf(passage: Passage): PassagePlace {
  const heading = passage.headingPath.at(-1);
  return { text: withoutHeader(passage), ...(heading !== undefined && { heading }) };
}
