import type { BridgeContext } from './agent-context.ts';

/** A part of a reasoning summary. */
interface ThoughtRef {
  item_id: string;
  summary_index: number;
}

/**
 * Reasoning as a workflow whose tasks are thoughts. Only the first thought of a workflow streams: each delta sends the
 * whole text again, so what follows comes when it is complete.
 */
export class ReasoningWorkflow {
  readonly #context: BridgeContext;
  #streamed: { key: string; workflowId: string; content: string } | undefined;

  constructor(context: BridgeContext) {
    this.#context = context;
  }

  /** Goes on in the workflow that is open, whatever its type. */
  begin(): void {
    if (!this.#context.workflowItem) this.#context.startWorkflow({ type: 'reasoning' });
  }

  delta(thought: ThoughtRef & { delta: string }): void {
    const open = this.#context.workflowItem;
    if (open?.workflow.type !== 'reasoning') return;
    const streamed = this.#streamedAs(thought);
    if (streamed) {
      streamed.content += thought.delta;
      this.#context.updateWorkflowTask({ type: 'thought', content: streamed.content }, 0);
    } else if (open.workflow.tasks.length === 0) {
      this.#streamed = { key: keyOf(thought), workflowId: open.id, content: thought.delta };
      this.#context.addWorkflowTask({ type: 'thought', content: thought.delta });
    }
  }

  done(thought: ThoughtRef & { text: string }): void {
    if (!this.#context.workflowItem) return;
    const task = { type: 'thought', content: thought.text } as const;
    if (this.#streamedAs(thought)) this.#context.updateWorkflowTask(task, 0);
    else this.#context.addWorkflowTask(task);
  }

  /** The thought that streams, if it is this one and its workflow is still open. */
  #streamedAs(thought: ThoughtRef) {
    const streamed = this.#streamed;
    const isSame = streamed?.key === keyOf(thought) && streamed.workflowId === this.#context.workflowItem?.id;
    return isSame ? streamed : undefined;
  }
}

function keyOf({ item_id, summary_index }: ThoughtRef): string {
  return `${item_id}/${summary_index}`;
}
