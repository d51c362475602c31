import { late } from './late.tsx';
import type { MessageActionsProps } from './message-actions.tsx';

/** The place of what can be done with an answer, which nobody needs before there is one. */
export const MessageActionsSlot = late<MessageActionsProps>(
  () => import('./message-actions.tsx').then(({ MessageActions }) => MessageActions),
  () => <div class="actions" />,
);
