import type { AttachmentTilesProps } from '../attachments/attachment-tiles.tsx';
import type { MessageAttachmentsProps } from '../attachments/message-attachments.tsx';
import type { AttachButtonProps } from './attach-button.tsx';
import { late } from './late.tsx';

// What draws files is a chunk of its own, like what uploads them: most conversations have none.

/** The place of the button that opens the dialog for files, as wide as it is. */
export const AttachButtonSlot = late<AttachButtonProps>(
  () => import('./attach-button.tsx').then(({ AttachButton }) => AttachButton),
  () => <span class="ghost" />,
);

/** The place of the draft's files. */
export const AttachmentTilesSlot = late<AttachmentTilesProps>(
  () => import('../attachments/attachments.ts').then(({ AttachmentTiles }) => AttachmentTiles),
  ({ files, failed }) => (failed ? <Names of={files} /> : null),
);

/** The place of a message's files. */
export const MessageAttachmentsSlot = late<MessageAttachmentsProps>(
  () => import('../attachments/attachments.ts').then(({ MessageAttachments }) => MessageAttachments),
  ({ attachments, failed }) => (failed ? <Names of={attachments} /> : null),
);

function Names({ of }: { of: readonly { name: string }[] }) {
  return <p dir="auto">{of.map(({ name }) => name).join(', ')}</p>;
}
