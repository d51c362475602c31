import { applyEvent } from '../../../protocol/apply-event.ts';
import { APPROVE } from '../../../protocol/approval.ts';
import type { WidgetItem } from '../../../protocol/item.ts';
import type { ActionParams, StreamingRequest } from '../../../protocol/request.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { readItem } from '../transport/read-item.ts';
import { failureText } from '../transport/request-failure.ts';
import type { ChatState, HostHandlers } from './chat-state.ts';
import type { Observable } from './observable.ts';

export type Action = ActionParams['action'];

/** What a control of a widget asks for, with the protocol's defaults filled in. */
export interface WidgetAction extends Action {
  handler: 'server' | 'client';
  /** False: one JSON answer, which may arrive while a turn streams. */
  streaming: boolean;
}

interface ActionTools {
  chat: Observable<ChatState>;
  api: ApiClient;
  handlers: () => HostHandlers;
  isBusy: () => boolean;
  /** Runs a turn to its end and gives the error that ended it. */
  start: (request: StreamingRequest) => Promise<Error | undefined>;
  report: (error: unknown) => void;
  /** Ends a request when the element leaves the document. */
  signal: () => AbortSignal;
}

/** The three ways an action goes: to the host page, to the server for one answer, or as a turn of its own. */
export function createActions({ chat, api, handlers, isBusy, start, report, signal: leaving }: ActionTools) {
  function paramsOf({ type, payload }: Action, itemId: string | undefined): ActionParams {
    const { threadId } = chat.get();
    if (threadId === null) throw new Error(`the action "${type}" needs a thread, and none is active`);
    const action = payload === undefined ? { type } : { type, payload };
    return { thread_id: threadId, ...(itemId === undefined ? {} : { item_id: itemId }), action };
  }

  async function send(action: Action, itemId?: string): Promise<void> {
    if (action.type === APPROVE) throw new Error('what a card asks for is approved on the card, by the visitor');
    const error = await start({ type: 'threads.custom_action', params: paramsOf(action, itemId) });
    if (error) throw error;
  }

  async function sendForOneAnswer(params: ActionParams): Promise<void> {
    const signal = leaving();
    try {
      const answer = await api.json({ type: 'threads.sync_custom_action', params }, signal);
      const item = readItem((answer as { updated_item?: unknown }).updated_item);
      const { thread } = chat.get();
      if (item && thread?.id === params.thread_id)
        chat.update({ thread: applyEvent(thread, { type: 'thread.item.replaced', item }) });
    } catch (error) {
      if (signal.aborted) return;
      chat.update({ failure: { describe: (strings) => failureText(error, strings), retry: undefined } });
      throw error;
    }
  }

  async function run({ handler, streaming, ...action }: WidgetAction, item: WidgetItem): Promise<void> {
    try {
      const params = paramsOf(action, item.id);
      if (handler === 'client') {
        const { onWidgetAction } = handlers();
        if (!onWidgetAction) throw new Error(`this page has no widgets.onAction for the action "${action.type}"`);
        await onWidgetAction(params.action, { id: item.id, widget: item.widget });
      } else if (!streaming) await sendForOneAnswer(params);
      else if (!isBusy()) await start({ type: 'threads.custom_action', params });
    } catch (error) {
      report(error);
    }
  }

  return { send, run };
}
