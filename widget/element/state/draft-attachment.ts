import type { Attachment } from '../../../protocol/item.ts';

export interface DraftAttachment {
  /** Ours: the server's id comes with the upload. */
  key: string;
  name: string;
  status: 'uploading' | 'ready' | 'failed';
  /** Absent when the host had uploaded it, or when it came back with a message that was not taken. */
  file?: File;
  /** What the server made of it, once `ready`. */
  attachment?: Attachment;
}

/** An attachment that is on the server already. */
export function readyAttachment(attachment: Attachment): DraftAttachment {
  return { key: attachment.id, name: attachment.name, attachment, status: 'ready' };
}

/** Why a draft cannot be sent yet on account of its files. */
export function whatSendingWaitsFor(files: readonly DraftAttachment[]): 'uploadRunning' | 'uploadFailed' | undefined {
  const has = (wanted: DraftAttachment['status']): boolean => files.some(({ status }) => status === wanted);
  return has('uploading') ? 'uploadRunning' : has('failed') ? 'uploadFailed' : undefined;
}
