import type { ThreadStreamEvent } from '../protocol/event.ts';
import type { UserMessageItem, WidgetItem } from '../protocol/item.ts';
import type { ChatKitRequest } from '../protocol/request.ts';
import type { ThreadMetadata } from '../protocol/thread.ts';
import { isVerdict } from './agent/approvals/answer-approval.ts';
import { SHOW_SECTION, showSection } from './agent/show-section.ts';
import type { Action, ChatKitServerDeps, Recording } from './chatkit/chatkit-handlers.ts';
import { ChatKitServer, type JsonResult } from './chatkit/chatkit-server.ts';
import type { Turn } from './chatkit/turn.ts';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import { ATTACHMENT_LIMITS } from './files/attachment-limits.ts';
import type { FeedbackStore } from './store/feedback-store.ts';

export interface PagewiseServerDeps extends ChatKitServerDeps<Context> {
  respond: (
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
  ) => AsyncIterable<ThreadStreamEvent>;
  /** Answers a visitor's click on a card that asks before something is changed. Without it nothing asks. */
  answerApproval?: (
    thread: ThreadMetadata,
    action: Action,
    card: WidgetItem | undefined,
    context: Context,
  ) => AsyncIterable<ThreadStreamEvent>;
  feedback: FeedbackStore;
  /** Without it the server takes no dictation. */
  transcribe?: ((recording: Recording, context: Context) => Promise<{ text: string }>) | undefined;
}

/**
 * The ChatKit server of this product: the page-aware agent answers, its widgets act, feedback is kept, speech is
 * written down, and a message takes a few attachments.
 */
export class PagewiseServer extends ChatKitServer<Context> {
  readonly #respond: PagewiseServerDeps['respond'];
  readonly #answerApproval: PagewiseServerDeps['answerApproval'];
  readonly #feedback: FeedbackStore;
  readonly #transcribe: PagewiseServerDeps['transcribe'];

  constructor({ respond, answerApproval, feedback, transcribe, ...deps }: PagewiseServerDeps) {
    super(deps);
    this.#respond = respond;
    this.#answerApproval = answerApproval;
    this.#feedback = feedback;
    this.#transcribe = transcribe;
  }

  override async process(request: ChatKitRequest, context: Context): Promise<JsonResult | Turn> {
    if (request.type === 'threads.create' || request.type === 'threads.add_user_message')
      await this.#checkAttachments(request.params.input.attachments, context);
    return await super.process(request, context);
  }

  async #checkAttachments(ids: string[], context: Context): Promise<void> {
    const { max_count } = ATTACHMENT_LIMITS;
    if (ids.length > max_count)
      throw new ApiError('invalid_request', `params.input.attachments: a message takes at most ${max_count}`);
    for (const id of ids) {
      const attachment = await this.store.loadAttachment(context, id);
      if (attachment?.upload_descriptor)
        throw new ApiError('attachment_not_uploaded', 'this attachment has not been uploaded yet');
    }
  }

  protected override respond(
    thread: ThreadMetadata,
    item: UserMessageItem | undefined,
    context: Context,
  ): AsyncIterable<ThreadStreamEvent> {
    return this.#respond(thread, item, context);
  }

  protected override action(
    thread: ThreadMetadata,
    action: Action,
    sender: WidgetItem | undefined,
    context: Context,
  ): AsyncIterable<ThreadStreamEvent> {
    if (action.type === SHOW_SECTION) return showSection(action.payload, context);
    if (this.#answerApproval && isVerdict(action)) return this.#answerApproval(thread, action, sender, context);
    return super.action(thread, action, sender, context);
  }

  protected override async addFeedback(
    threadId: string,
    itemIds: string[],
    kind: 'positive' | 'negative',
    context: Context,
  ): Promise<void> {
    await this.#feedback.saveFeedback(context, threadId, itemIds, kind);
  }

  protected override transcribe(recording: Recording, context: Context): Promise<{ text: string }> {
    return this.#transcribe?.(recording, context) ?? super.transcribe(recording, context);
  }
}
