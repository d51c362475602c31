import type { IdKind } from './store.ts';

/** The reference's prefixes. */
const PREFIX: Record<IdKind, string> = {
  thread: 'thr',
  message: 'msg',
  tool_call: 'tc',
  task: 'tsk',
  workflow: 'wf',
  attachment: 'atc',
  sdk_hidden_context: 'shcx',
};

/** A new id: the wire's prefix and 122 random bits. The reference keeps 32 of them, which collide at scale. */
export function createId(kind: IdKind): string {
  return `${PREFIX[kind]}_${crypto.randomUUID().replaceAll('-', '')}`;
}
