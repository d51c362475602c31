import type { Attachment } from '../../../protocol/item.ts';
import type { AttachmentLimits } from '../attachment-limits.ts';
import type { ChatState, ComposerNote } from '../state/chat-state.ts';
import { type DraftAttachment, readyAttachment } from '../state/draft-attachment.ts';
import type { Observable } from '../state/observable.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { RequestFailure } from '../transport/request-failure.ts';
import { isAccepted, sizeLimit, withType } from './check-file.ts';
import { fileSize } from './file-size.ts';
import { deleteAttachment, uploadFile } from './upload-file.ts';

export interface DraftAttachments {
  /** Takes the files that the limits allow and uploads them; the note says why another was not taken. */
  add: (files: readonly File[], limits: AttachmentLimits) => void;
  /** Takes one off the draft and off the server, uploaded or not. */
  remove: (key: string) => void;
  /** Uploads a failed one again. */
  retry: (key: string) => void;
  /** Puts attachments that are on the server already in place of all there are. */
  replace: (attachments: readonly Attachment[]) => void;
  /** Ends every upload: the element has left the document. */
  dispose: () => void;
}

/** The one writer of the draft's attachments. */
export function createDraftAttachments(
  chat: Observable<ChatState>,
  api: ApiClient,
  report: (error: unknown) => void,
): DraftAttachments {
  const running = new Map<string, AbortController>();
  let count = 0;

  function change(key: string, patch: Partial<DraftAttachment>): void {
    const { attachments } = chat.get();
    const index = attachments.findIndex((entry) => entry.key === key);
    const entry = attachments[index];
    if (entry) chat.update({ attachments: attachments.with(index, { ...entry, ...patch }) });
  }

  async function upload({ key, file }: DraftAttachment): Promise<void> {
    if (!file) return;
    const abort = new AbortController();
    running.set(key, abort);
    change(key, { status: 'uploading' });
    try {
      change(key, { attachment: await uploadFile(api, file, abort.signal), status: 'ready' });
    } catch (error) {
      change(key, { status: 'failed' });
      if (abort.signal.aborted) return;
      const words = error instanceof RequestFailure && error.status === 415 ? 'wrongType' : 'fileFailed';
      chat.update({ note: (strings) => strings[words](file.name) });
      report(error);
    }
    running.delete(key);
  }

  function remove(key: string): void {
    const { attachments } = chat.get();
    // An upload that is under way deletes for itself what it has made so far.
    running.get(key)?.abort();
    const id = attachments.find((entry) => entry.key === key)?.attachment?.id;
    if (id) deleteAttachment(api, id).catch(report);
    chat.update({ attachments: attachments.filter((entry) => entry.key !== key), note: undefined });
  }

  return {
    remove,
    add(files, limits) {
      const { attachments } = chat.get();
      const added: DraftAttachment[] = [];
      // What was dropped were folders.
      let note: ComposerNote | undefined = files.length === 0 ? (strings) => strings.noFolders : undefined;
      for (const given of files) {
        const file = withType(given, limits);
        const refusal = refuse(file, limits, attachments.length + added.length);
        note ??= refusal;
        if (!refusal) added.push({ key: `file_${count++}`, name: file.name, file, status: 'uploading' });
      }
      chat.update({ attachments: [...attachments, ...added], note });
      for (const entry of added) void upload(entry);
    },
    retry(key) {
      chat.update({ note: undefined });
      for (const entry of chat.get().attachments) if (entry.key === key) void upload(entry);
    },
    replace(attachments) {
      // What the host put there before stays on the server: it may be put there again.
      for (const { key, file } of chat.get().attachments) if (file) remove(key);
      chat.update({ attachments: attachments.map(readyAttachment) });
    },
    dispose() {
      for (const abort of running.values()) abort.abort();
    },
  };
}

/** Why a file cannot be added to a draft that has `count` already. */
function refuse(file: File, limits: AttachmentLimits, count: number): ComposerNote | undefined {
  const { name, size, type } = file;
  const most = sizeLimit(type, limits);
  if (count >= limits.maxCount) return (strings) => strings.tooManyFiles(limits.maxCount);
  if (!isAccepted(file, limits)) return (strings) => strings.wrongType(name);
  if (size > most) return (strings, locale) => strings.tooLarge(name, fileSize(most, locale));
}
