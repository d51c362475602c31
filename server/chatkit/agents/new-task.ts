import type { Task, Workflow } from '../../../protocol/item.ts';

type Optional<T, Key extends string> = T extends unknown ? Omit<T, Key> & Partial<Pick<T, Key & keyof T>> : never;

/** A task whose fields that have a default on the wire may be left out. */
export type NewTask = Optional<Task, 'status_indicator' | 'queries' | 'sources'>;
export type NewWorkflow = Omit<Optional<Workflow, 'expanded'>, 'tasks'> & { tasks?: NewTask[] };

/** The task as the wire wants it. A copy: a tool may go on changing its own. */
export function toTask(task: NewTask): Task {
  const { status_indicator = 'none', ...own } = structuredClone(task);
  switch (own.type) {
    case 'web_search':
      return { status_indicator, queries: [], sources: [], ...own };
    case 'file':
      return { status_indicator, sources: [], ...own };
    default:
      return { status_indicator, ...own };
  }
}
