import { applyEvent } from '../../protocol/apply-event.ts';
import type { ThreadItemUpdate, ThreadStreamEvent } from '../../protocol/event.ts';
import type { ThreadItem } from '../../protocol/item.ts';
import type { Thread } from '../../protocol/thread.ts';

/**
 * What a reader shows of a turn and no store has yet. An answer is remembered when it ends, because an update may
 * follow all the same: the reader shows that too, so the answer is unfinished again. Items are copied: responders
 * reuse their objects.
 */
export class PendingItems {
  #shown: Thread;
  readonly #unfinished = new Set<string>();

  /** @param thread as the turn finds it; its items are not looked at */
  constructor(thread: Thread) {
    this.#shown = thread;
  }

  /** Throws `RangeError` for an update of a task that its workflow does not have. */
  take(event: ThreadStreamEvent): void {
    switch (event.type) {
      case 'thread.item.added':
        this.#shown = applyEvent(this.#shown, structuredClone(event));
        this.#unfinished.add(event.item.id);
        break;
      case 'thread.item.updated': {
        this.#checkIndex(event.item_id, event.update);
        const next = applyEvent(this.#shown, event);
        if (next !== this.#shown) this.#unfinished.add(event.item_id);
        this.#shown = next;
        break;
      }
      case 'thread.item.done':
      case 'thread.item.replaced':
        if (event.item.type === 'assistant_message') this.#shown = applyEvent(this.#shown, structuredClone(event));
        else this.#forget(event.item.id);
        this.#unfinished.delete(event.item.id);
        break;
      case 'thread.item.removed':
        this.#forget(event.item_id);
        this.#unfinished.delete(event.item_id);
        break;
      default:
        break;
    }
  }

  /** The items that were begun, or updated, and have not ended since. */
  get unfinished(): ThreadItem[] {
    return this.#shown.items.data.filter(({ id }) => this.#unfinished.has(id));
  }

  /** A task that is not there is a mistake of the responder's, which the reference ends the stream for, too. */
  #checkIndex(itemId: string, update: ThreadItemUpdate): void {
    if (update.type !== 'workflow.task.updated') return;
    const item = this.#shown.items.data.find(({ id }) => id === itemId);
    if (item?.type === 'workflow' && !item.workflow.tasks[update.task_index])
      throw new RangeError(`the workflow has no task ${update.task_index}`);
  }

  #forget(itemId: string): void {
    this.#shown = applyEvent(this.#shown, { type: 'thread.item.removed', item_id: itemId });
  }
}
