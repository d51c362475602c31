import type { DraftAttachments } from '../attachments/draft-attachments.ts';
import type { ApiClient } from '../transport/api-client.ts';
import type { ChatState } from './chat-state.ts';
import type { Observable } from './observable.ts';

export interface LateAttachments {
  /** Does something with the draft's files. Where what handles them cannot be had, the composer's note says so. */
  use: (change: (attachments: DraftAttachments) => void) => Promise<void>;
  dispose: () => void;
}

/** The draft's files, handled by a chunk of its own that comes with the first of them. */
export function createLateAttachments(
  chat: Observable<ChatState>,
  api: ApiClient,
  report: (error: unknown) => void,
): LateAttachments {
  let loading: Promise<DraftAttachments> | undefined;

  return {
    use(change) {
      loading ??= import('../attachments/attachments.ts').then(({ createDraftAttachments }) =>
        createDraftAttachments(chat, api, report),
      );
      return loading.then(change, (error: unknown) => {
        loading = undefined;
        chat.update({ note: (strings) => strings.unavailable });
        report(error);
      });
    },
    dispose() {
      loading?.then(
        (attachments) => attachments.dispose(),
        () => undefined,
      );
    },
  };
}
