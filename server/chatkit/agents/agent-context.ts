import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ThreadItem, Workflow, WorkflowItem } from '../../../protocol/item.ts';
import type { ThreadMetadata } from '../../../protocol/thread.ts';
import type { WidgetRoot } from '../../../protocol/widget.ts';
import { createId } from '../ids.ts';
import type { IdKind, Store } from '../store.ts';
import { streamWidget } from '../widgets/stream-widget.ts';
import { EventQueue } from './event-queue.ts';
import { type NewTask, type NewWorkflow, toTask } from './new-task.ts';

/** What waits to be streamed: an event, or what makes it when its turn comes. `undefined` is no event after all. */
export type QueuedEvent = ThreadStreamEvent | (() => Promise<ThreadStreamEvent | undefined>);

export interface AgentContextInput<Context> {
  thread: ThreadMetadata;
  store: Store<Context>;
  /** Who asks; its signal aborts when nobody waits for the answer any more. */
  requestContext: Context;
  now: () => Date;
}

/**
 * What an agent's tools may do to the turn they run in: stream events of their own, show widgets and the steps of a
 * workflow, and ask the client to run a tool. Give it to a run as its context, and to `streamAgentResponse`, which
 * sends what is streamed here at once, in the order it came between the events of the run.
 */
export class AgentContext<Context extends { signal: AbortSignal }> {
  /** Live: what is set on it is saved and announced. */
  readonly thread: ThreadMetadata;
  readonly store: Store<Context>;
  readonly requestContext: Context;
  readonly now: () => Date;
  /** For runs that go on from a response that the endpoint keeps. */
  previousResponseId: string | undefined;
  /** Set by a tool: when the run has ended the client is asked to run this, and its output begins the next turn. */
  clientToolCall: { name: string; arguments: Record<string, unknown> } | undefined;
  /** The workflow that tasks go to. Each change makes a new object. */
  workflowItem: WorkflowItem | undefined;
  /** For `streamAgentResponse`, which fills it from the run and empties it. */
  readonly queue = new EventQueue<QueuedEvent>();

  constructor({ thread, store, requestContext, now }: AgentContextInput<Context>) {
    this.thread = thread;
    this.store = store;
    this.requestContext = requestContext;
    this.now = now;
  }

  generateId(kind: IdKind): string {
    return createId(kind);
  }

  /** Sends a copy of the event. An item that a reader sees ends the open workflow first. */
  stream(event: ThreadStreamEvent): void {
    const copy = structuredClone(event);
    if (copy.type === 'thread.item.added' || copy.type === 'thread.item.done') {
      if (copy.item.id !== this.workflowItem?.id && !isAside(copy.item)) this.endWorkflow();
      if (copy.item.type === 'workflow') this.workflowItem = copy.type === 'thread.item.added' ? copy.item : undefined;
    }
    this.queue.push(copy);
  }

  /** Shows a widget, or one that grows while its states arrive. Resolves when the last state is queued. */
  async streamWidget(
    widget: WidgetRoot | AsyncIterable<WidgetRoot>,
    { copyText }: { copyText?: string } = {},
  ): Promise<void> {
    const options = { now: this.now, ...(copyText !== undefined && { copyText }) };
    for await (const event of streamWidget(this.thread, widget, options)) this.stream(event);
  }

  /** Begins a workflow; one that is open ends. A custom workflow is shown from its first task on. */
  startWorkflow({ tasks = [], expanded = false, ...workflow }: NewWorkflow): void {
    this.endWorkflow();
    this.workflowItem = {
      id: this.generateId('workflow'),
      thread_id: this.thread.id,
      created_at: this.now().toISOString(),
      type: 'workflow',
      workflow: { ...workflow, tasks: tasks.map(toTask), expanded },
    };
    if (workflow.type === 'reasoning' || tasks.length > 0)
      this.queue.push({ type: 'thread.item.added', item: this.workflowItem });
  }

  /** Adds a task to the open workflow, or to a new custom one. Gives its index, for `updateWorkflowTask`. */
  addWorkflowTask(newTask: NewTask): number {
    if (!this.workflowItem) this.startWorkflow({ type: 'custom' });
    const task = toTask(newTask);
    const { id, workflow } = this.#openWorkflow();
    const index = workflow.tasks.length;
    const item = this.#setWorkflow({ ...workflow, tasks: [...workflow.tasks, task] });
    if (workflow.type !== 'reasoning' && index === 0) this.queue.push({ type: 'thread.item.added', item });
    else
      this.queue.push({
        type: 'thread.item.updated',
        item_id: id,
        update: { type: 'workflow.task.added', task_index: index, task },
      });
    return index;
  }

  /** Replaces a task. Throws when no workflow is open, or it has no such task. */
  updateWorkflowTask(newTask: NewTask, index: number): void {
    const { id, workflow } = this.#openWorkflow();
    if (!workflow.tasks[index]) throw new RangeError(`the workflow has no task ${index}`);
    const task = toTask(newTask);
    this.#setWorkflow({ ...workflow, tasks: workflow.tasks.with(index, task) });
    this.queue.push({
      type: 'thread.item.updated',
      item_id: id,
      update: { type: 'workflow.task.updated', task_index: index, task },
    });
  }

  /**
   * Ends the open workflow, if there is one.
   *
   * @param summary what stands in its place; without one, what it has already, else how long it took
   * @param expanded whether its tasks stay in view
   */
  endWorkflow(summary?: Workflow['summary'], expanded = false): void {
    if (!this.workflowItem) return;
    const { workflow, created_at } = this.workflowItem;
    const seconds = Math.floor((this.now().getTime() - Date.parse(created_at)) / 1000);
    // A store may hold stamps of other writers: in the future, or in a form that is no date here.
    const duration = seconds > 0 ? seconds : 0;
    const item = this.#setWorkflow({ ...workflow, summary: summary ?? workflow.summary ?? { duration }, expanded });
    this.workflowItem = undefined;
    this.queue.push({ type: 'thread.item.done', item });
  }

  #openWorkflow(): WorkflowItem {
    if (!this.workflowItem) throw new Error('no workflow is open');
    return this.workflowItem;
  }

  #setWorkflow(workflow: Workflow): WorkflowItem {
    this.workflowItem = { ...this.#openWorkflow(), workflow };
    return this.workflowItem;
  }
}

/** What the bridge's parts use of it, whoever asks. */
export type BridgeContext = Omit<AgentContext<{ signal: AbortSignal }>, 'store' | 'requestContext'>;

/** Items that stand beside the answer: a workflow goes on over them. The reference exempts exactly these two. */
function isAside(item: ThreadItem): boolean {
  return item.type === 'client_tool_call' || item.type === 'hidden_context_item';
}
