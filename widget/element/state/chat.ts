import type {
  Attachment,
  InferenceOptions,
  StructuredInputItem,
  UserMessageContent,
  UserMessageItem,
  WidgetItem,
} from '../../../protocol/item.ts';
import type { StreamingRequest, StructuredAnswers } from '../../../protocol/request.ts';
import type { ApiClient } from '../transport/api-client.ts';
import {
  type ChatState,
  type ComposerNote,
  EMPTY_CHAT,
  type Emit,
  type FeedbackKind,
  type HostHandlers,
} from './chat-state.ts';
import { createDraftWriter, type DraftWriter } from './draft-writer.ts';
import { createHistory, type ThreadHistory } from './history.ts';
import { createLateAttachments, type LateAttachments } from './late-attachments.ts';
import { createObservable, type Observable } from './observable.ts';
import { type Action, createActions, type WidgetAction } from './run-action.ts';
import { runTurn, type Turn } from './run-turn.ts';
import { isRepeatable, withAnswers } from './structured-input.ts';
import { createThreadLoader, type ThreadLoader } from './thread-loader.ts';

export interface OutgoingMessage {
  content: UserMessageContent[];
  quotedText?: string | undefined;
  attachments?: Attachment[];
  inferenceOptions?: InferenceOptions;
  newThread?: boolean;
}

export interface Chat extends DraftWriter {
  state: Pick<Observable<ChatState>, 'get' | 'subscribe'>;
  /** Sends and resolves at the end of the turn. Ignored while busy: the caller asks `isBusy` first. */
  send: (message: OutgoingMessage) => Promise<void>;
  stop: () => void;
  retry: () => void;
  /** Sends an action and resolves at the end of its turn. Rejects with the error that ended it, or without a thread. */
  sendAction: (action: Action, itemId?: string) => Promise<void>;
  /** Answers, or skips, the questions that the server has put. */
  answer: (item: StructuredInputItem, input: StructuredAnswers) => void;
  /** Does what a widget's control asks for; what goes wrong is shown and reported. */
  runAction: (action: WidgetAction, item: WidgetItem) => Promise<void>;
  isBusy: () => boolean;
  changeAttachments: LateAttachments['use'];
  /** What the composer has to say; undefined for nothing. */
  setNote: (note: ComposerNote | undefined) => void;
  /** Speech to text. Rejects with a `RequestFailure`. */
  transcribe: (audioBase64: string, mimeType: string, signal: AbortSignal) => Promise<string>;
  openThread: ThreadLoader['open'];
  loadOlder: ThreadLoader['loadOlder'];
  /** Reads the active thread, and an open history, again. */
  refresh: () => Promise<void>;
  showHistory: () => void;
  hideHistory: () => void;
  loadHistory: ThreadHistory['load'];
  renameThread: ThreadHistory['rename'];
  deleteThread: ThreadHistory['remove'];
  /** Tells the host page that a link of ChatKit's own scheme was followed. */
  followDeeplink: (name: string, data: Record<string, string>) => void;
  rate: (answerId: string, itemIds: string[], kind: FeedbackKind) => void;
  /** Tells the host page of an error, its own ones too. */
  report: (error: unknown) => void;
  /** Ends every request: the element has left the document. */
  dispose: () => void;
}

/** The chat's one writer: every change of the state starts in a function below. */
export function createChat(
  api: ApiClient,
  emit: Emit,
  nextFrame: (callback: () => void) => void,
  handlers: () => HostHandlers,
): Chat {
  const chat = createObservable<ChatState>(EMPTY_CHAT);
  let turn: Turn | undefined;
  let request: StreamingRequest | undefined;
  /** Ends with the element's stay in the document; the next stay has a new one. */
  let stay = new AbortController();
  let sentCount = 0;

  const isBusy = () => chat.get().turn !== undefined || chat.get().loading;

  function report(error: unknown): void {
    emit('chatkit.error', { error: error instanceof Error ? error : new Error(String(error)) });
  }

  async function start(next: StreamingRequest, changes: Partial<ChatState> = {}): Promise<Error | undefined> {
    const { thread: before, turnsStarted } = chat.get();
    const isAction = next.type === 'threads.custom_action' || next.type === 'threads.add_structured_input';
    request = next;
    history.hide();
    chat.update({
      failure: undefined,
      notices: [],
      turn: { allowCancel: true, progress: undefined, imageProgress: {}, isAction },
      turnsStarted: isAction ? turnsStarted : turnsStarted + 1,
      ...changes,
    });
    turn = runTurn({ chat, api, emit, nextFrame, handlers }, next, before);
    return await turn.ended;
  }

  const threads = createThreadLoader({
    chat,
    api,
    emit,
    report,
    isBusy,
    leave() {
      turn?.stop();
      request = undefined;
    },
  });
  const history = createHistory({ chat, api, emit, report, openThread: threads.open });
  const actions = createActions({ chat, api, handlers, isBusy, start, report, signal: () => stay.signal });

  async function send(message: OutgoingMessage): Promise<void> {
    if (isBusy()) return;
    if (message.newThread) await threads.open(null);
    const { threadId } = chat.get();
    const { attachments = [] } = message;
    const input = {
      content: message.content,
      quoted_text: message.quotedText ?? '',
      attachments: attachments.map(({ id }) => id),
      inference_options: message.inferenceOptions ?? {},
    };
    sentCount += 1;
    const pending: UserMessageItem = {
      id: `pending_${sentCount}`,
      thread_id: threadId ?? '',
      created_at: new Date().toISOString(),
      type: 'user_message',
      content: message.content,
      attachments,
      inference_options: input.inference_options,
      ...(message.quotedText ? { quoted_text: message.quotedText } : {}),
    };
    emit('pagewise.user-message', { threadId, content: message.content, reply: message.quotedText, attachments });
    await start(
      threadId === null
        ? { type: 'threads.create', params: { input } }
        : { type: 'threads.add_user_message', params: { thread_id: threadId, input } },
      { pending },
    );
  }

  const draft = createDraftWriter({ chat, emit, isBusy, send });

  function retryTurn(): void {
    const { thread } = chat.get();
    const last = thread?.items.data.findLastIndex((item) => item.type === 'user_message') ?? -1;
    const question = thread?.items.data[last];
    if (!thread || !question || isBusy()) return;
    // Neither our server nor the reference sends removals for the old answer.
    const data = thread.items.data.slice(0, last + 1);
    void start(
      { type: 'threads.retry_after_item', params: { thread_id: thread.id, item_id: question.id } },
      { thread: { ...thread, items: { ...thread.items, data } } },
    );
  }

  const attachments = createLateAttachments(chat, api, report);

  return {
    state: chat,
    report,
    changeAttachments: attachments.use,
    isBusy,
    send,
    ...draft,
    openThread(threadId) {
      history.hide();
      return threads.open(threadId);
    },
    loadOlder: threads.loadOlder,
    loadHistory: history.load,
    showHistory: history.show,
    hideHistory: history.hide,
    renameThread: history.rename,
    deleteThread: history.remove,
    sendAction: actions.send,
    runAction: actions.run,
    stop: () => turn?.stop(),
    answer(item, input) {
      const { thread } = chat.get();
      if (!thread || isBusy()) return;
      const params = { thread_id: thread.id, item_id: item.id, input };
      void start({ type: 'threads.add_structured_input', params }, { thread: withAnswers(thread, item, input) });
    },
    setNote: (note) => chat.update({ note }),
    async transcribe(audioBase64, mimeType, signal) {
      const params = { audio_base64: audioBase64, mime_type: mimeType };
      const { text } = (await api.json({ type: 'input.transcribe', params }, signal)) as { text: string };
      return text.trim();
    },
    retry() {
      const { failure, threadId, thread } = chat.get();
      if (failure?.retry === 'draft') draft.sendDraft();
      else if (failure?.retry === 'load') void threads.open(threadId).catch(() => undefined);
      else if (failure?.retry === 'turn' && request && isRepeatable(request, thread)) void start(request);
      else retryTurn();
    },
    async refresh() {
      const listed = chat.get().layer === 'history' ? history.load() : undefined;
      await threads.refresh();
      await listed;
    },
    followDeeplink: (name, data) => emit('chatkit.deeplink', { name, data }),
    rate(answerId, itemIds, kind) {
      const { threadId, feedback } = chat.get();
      if (threadId === null || feedback[answerId] === kind) return;
      chat.update({ feedback: { ...feedback, [answerId]: kind } });
      const params = { thread_id: threadId, item_ids: itemIds, kind };
      const { signal } = stay;
      api.json({ type: 'items.feedback', params }, signal).catch((error: unknown) => {
        chat.update({ feedback });
        if (!signal.aborted) report(error);
      });
    },
    dispose() {
      turn?.stop();
      attachments.dispose();
      threads.dispose();
      history.dispose();
      stay.abort();
      stay = new AbortController();
    },
  };
}
