import type { RunStreamEvent } from '@openai/agents';
import type { FileSource, ThreadItem, UrlSource } from '../../../protocol/item.ts';
import type { BridgeContext } from './agent-context.ts';
import type { NewTask } from './new-task.ts';
import { toTask } from './new-task.ts';
import type { ResponseStreamEvent } from './response-stream-converter.ts';

/** Which calls of tools a reader sees as tasks of a workflow: loading while they run, then complete. */
export interface ToolTaskOptions {
  /** Hosted web searches, with their queries and the pages that were found. */
  webSearch?: boolean;
  /** Hosted file searches, with their queries and the files that were found. */
  fileSearch?: boolean;
  /** Gives the title under which calls of this function are shown; `undefined` shows none. */
  functionCall?: (name: string) => string | undefined;
}

type OutputItem = Extract<ResponseStreamEvent, { type: 'response.output_item.done' }>['item'];
type WebSearch = Extract<OutputItem, { type: 'web_search_call' }>;
type FileSearch = Extract<OutputItem, { type: 'file_search_call' }>;
type RunItem = Extract<RunStreamEvent, { type: 'run_item_stream_event' }>['item'];

interface OpenTask {
  workflowId: string;
  index: number;
  task: NewTask;
}

/** Calls of tools as tasks of the open workflow, or of a new one. */
export class ToolTasks {
  readonly #context: BridgeContext;
  readonly #options: ToolTaskOptions;
  readonly #loadItem: (itemId: string) => Promise<ThreadItem | undefined>;
  /** By the id of the call. */
  readonly #open = new Map<string, OpenTask>();

  constructor(
    context: BridgeContext,
    options: ToolTaskOptions,
    loadItem: (itemId: string) => Promise<ThreadItem | undefined>,
  ) {
    this.#context = context;
    this.#options = options;
    this.#loadItem = loadItem;
  }

  takeResponsesEvent(event: ResponseStreamEvent): void {
    if (event.type !== 'response.output_item.added' && event.type !== 'response.output_item.done') return;
    const { item } = event;
    const isDone = event.type === 'response.output_item.done';
    switch (item.type) {
      case 'web_search_call':
        if (!this.#options.webSearch) return;
        this.#begin(item.id, { type: 'web_search' });
        if (isDone) this.#end(item.id, toWebSearch(item));
        return;
      case 'file_search_call':
        if (!this.#options.fileSearch) return;
        this.#begin(item.id, { type: 'file' });
        if (isDone) this.#end(item.id, toFileSearch(item));
        return;
      case 'function_call':
        if (!isDone) this.#beginFunction(item.call_id, item.name);
        return;
      default:
        return;
    }
  }

  /** Of a function the run tells the end, and of models without raw events the begin too. */
  takeRunItem({ rawItem }: RunItem): void {
    if (rawItem?.type === 'function_call') this.#beginFunction(rawItem.callId, rawItem.name);
    else if (rawItem?.type === 'function_call_result') this.#end(rawItem.callId);
  }

  #beginFunction(callId: string, name: string): void {
    const title = this.#options.functionCall?.(name);
    if (title !== undefined) this.#begin(callId, { type: 'custom', title });
  }

  #begin(callId: string, task: NewTask): void {
    if (this.#open.has(callId)) return;
    const index = this.#context.addWorkflowTask({ ...task, status_indicator: 'loading' });
    const workflowId = this.#context.workflowItem?.id ?? '';
    this.#open.set(callId, { workflowId, index, task });
  }

  #end(callId: string, ended?: NewTask): void {
    const open = this.#open.get(callId);
    if (!open) return;
    this.#open.delete(callId);
    const task: NewTask = { ...(ended ?? open.task), status_indicator: 'complete' };
    if (open.workflowId === this.#context.workflowItem?.id) this.#context.updateWorkflowTask(task, open.index);
    else this.#replaceTask(open, task);
  }

  /** The answer began while the tool ran, which ended the workflow: it is stored by now. */
  #replaceTask({ workflowId, index }: OpenTask, task: NewTask): void {
    this.#context.queue.push(async () => {
      const item = await this.#loadItem(workflowId);
      if (item?.type !== 'workflow' || !item.workflow.tasks[index]) return undefined;
      const tasks = item.workflow.tasks.with(index, toTask(task));
      return { type: 'thread.item.replaced', item: { ...item, workflow: { ...item.workflow, tasks } } };
    });
  }
}

function toWebSearch({ action }: WebSearch): NewTask {
  switch (action?.type) {
    case 'search': {
      const queries = action.queries ?? (action.query ? [action.query] : []);
      const sources = (action.sources ?? []).map(({ url }) => toUrlSource(url));
      return { type: 'web_search', ...(queries[0] && { title_query: queries[0] }), queries, sources };
    }
    case 'open_page':
    case 'find_in_page':
      return { type: 'web_search', sources: action.url ? [toUrlSource(action.url)] : [] };
    default:
      return { type: 'web_search' };
  }
}

/** The endpoint gives no title: the name of the host says most. */
function toUrlSource(url: string): UrlSource {
  return { type: 'url', title: URL.parse(url)?.hostname ?? url, url };
}

function toFileSearch({ queries, results }: FileSearch): NewTask {
  const names = new Set((results ?? []).flatMap(({ filename }) => (filename ? [filename] : [])));
  const sources = [...names].map((filename): FileSource => ({ type: 'file', title: filename, filename }));
  return { type: 'file', ...(queries.length > 0 && { title: queries.join(', ') }), sources };
}
