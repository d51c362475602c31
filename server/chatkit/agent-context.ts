import type { ThreadMetadata } from '../../protocol/thread.ts';

/** What the bridge from a run to events needs to know of the turn that the run answers. */
export interface AgentContext {
  thread: ThreadMetadata;
  now: () => Date;
}
