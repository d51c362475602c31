import { applyEvent } from '../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { ClientToolCallItem, ThreadItem } from '../../../protocol/item.ts';
import type { StreamingRequest } from '../../../protocol/request.ts';
import type { Thread } from '../../../protocol/thread.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { failureText, RequestFailure, waitAfter } from '../transport/request-failure.ts';
import { callClientTool } from './call-client-tool.ts';
import type { ChatState, Emit, Failure, HostHandlers } from './chat-state.ts';
import { draftOf, joinDrafts } from './draft.ts';
import { readyAttachment } from './draft-attachment.ts';
import type { Observable } from './observable.ts';

export interface TurnTools {
  chat: Observable<ChatState>;
  api: ApiClient;
  emit: Emit;
  /** Calls back when the next frame is due. */
  nextFrame: (callback: () => void) => void;
  handlers: () => HostHandlers;
}

export interface Turn {
  /** Ends the turn now and keeps what was said. */
  stop: () => void;
  /** Resolves when the turn has ended, with the error that ended it; never rejects. */
  ended: Promise<Error | undefined>;
}

/**
 * Sends a streaming request and folds its events into the state until the turn ends: by itself, by `stop`, or by a
 * failure. A stream that ends with a pending client tool call goes on with the request that carries the tool's output,
 * in the same turn. Text deltas are folded once a frame; everything else at once and in order. `before` is the thread
 * to show again if the server never took the request.
 */
export function runTurn(tools: TurnTools, request: StreamingRequest, before: Thread | undefined): Turn {
  const { chat, api, emit, nextFrame, handlers } = tools;
  const abort = new AbortController();
  /** Items that were added and not yet finished. */
  const unfinished = new Set<string>();
  /** Client tools that this turn was asked to run. One that an older turn left pending is not ours to run. */
  const calls = new Set<string>();
  let queue: ThreadStreamEvent[] = [];
  let received = false;
  let running = true;
  /** The failure that the server itself reported. */
  let told: Failure | undefined;
  let problem: Error | undefined;
  let resolveEnded: (problem: Error | undefined) => void;
  const ended = new Promise<Error | undefined>((resolve) => {
    resolveEnded = resolve;
  });

  function take(event: ThreadStreamEvent): void {
    received = true;
    queue.push(event);
    if (event.type !== 'thread.item.updated') flush();
    else if (queue.length === 1) nextFrame(flush);
  }

  function flush(): void {
    if (!running || queue.length === 0) return;
    const events = queue;
    queue = [];
    for (const event of events) apply(event);
    fold(events);
  }

  function fold(events: ThreadStreamEvent[]): void {
    let { thread, pending, keys } = chat.get();
    for (const event of events) {
      if (event.type === 'thread.created') thread = withoutItems(event.thread);
      else if (thread) thread = applyEvent(thread, event);
      if (pending && event.type === 'thread.item.done' && event.item.type === 'user_message') {
        keys = withKey(keys, event.item.id, pending.id);
        pending = undefined;
      }
    }
    chat.update({ thread, pending, keys });
  }

  /** What an event means beyond the thread's content. */
  function apply(event: ThreadStreamEvent): void {
    const { turn, notices } = chat.get();
    switch (event.type) {
      case 'thread.created':
        if (chat.get().threadId === event.thread.id) break;
        chat.update({ threadId: event.thread.id });
        emit('chatkit.thread.change', { threadId: event.thread.id });
        break;
      case 'thread.item.added':
        unfinished.add(event.item.id);
        endProgress(event.item);
        if (event.item.type === 'generated_image') drawing(event.item.id, 0);
        break;
      case 'thread.item.done':
        if (event.item.type === 'client_tool_call') calls.add(event.item.id);
        // A done that follows its own added is no later item.
        if (!unfinished.delete(event.item.id)) endProgress(event.item);
        drawing(event.item.id, undefined);
        break;
      case 'thread.item.replaced':
        unfinished.delete(event.item.id);
        break;
      case 'thread.item.removed':
        unfinished.delete(event.item_id);
        break;
      case 'stream_options':
        if (turn) chat.update({ turn: { ...turn, allowCancel: event.stream_options.allow_cancel } });
        break;
      case 'progress_update':
        if (turn) chat.update({ turn: { ...turn, progress: event.text } });
        break;
      case 'client_effect':
        emit('chatkit.effect', { name: event.name, data: event.data });
        break;
      case 'notice':
        chat.update({ notices: [...notices, event] });
        break;
      case 'error': {
        const { message } = event;
        told = {
          describe: (strings) => message || strings.failed,
          retry: event.allow_retry ? 'turn' : undefined,
        };
        chat.update({ failure: told });
        report(new Error(message || event.code));
        break;
      }
      case 'thread.item.updated':
        if (event.update.type === 'generated_image.updated') drawing(event.item_id, event.update.progress ?? 0);
        break;
      case 'thread.updated': {
        const { history } = chat.get();
        const { items: _, ...changes } = event.thread;
        const threads = history.threads.map((known) => (known.id === changes.id ? { ...known, ...changes } : known));
        chat.update({ history: { ...history, threads } });
        break;
      }
    }
  }

  /** How far an image is; undefined takes it for made. */
  function drawing(id: string, progress: number | undefined): void {
    const { turn } = chat.get();
    if (turn && turn.imageProgress[id] !== progress)
      chat.update({ turn: { ...turn, imageProgress: { ...turn.imageProgress, [id]: progress } } });
  }

  /** Progress says what comes next, so the next item ends it; a call for this page is still on the way there. */
  function endProgress(item: ThreadItem): void {
    const { turn } = chat.get();
    if (turn?.progress && item.type !== 'client_tool_call') chat.update({ turn: { ...turn, progress: undefined } });
  }

  function report(error: Error): void {
    problem ??= error;
    emit('chatkit.error', { error });
  }

  function end(failure?: Failure): void {
    if (!running) return;
    flush();
    running = false;
    const { thread, pending, draft, tags, quote, attachments, interrupted, failure: shown } = chat.get();
    const kept = received || !before ? thread : before;
    // The server never took the message: it goes back to the composer, ahead of what was typed and added since.
    const unsent = joinDrafts(draftOf(pending?.content ?? []), { text: draft, tags });
    const returned = pending?.attachments.map(readyAttachment) ?? [];
    chat.update({
      turn: undefined,
      pending: undefined,
      draft: unsent.text,
      tags: unsent.tags,
      quote: pending?.quoted_text ?? quote,
      attachments: [...returned, ...attachments],
      thread: kept && dropUnfinished(kept, unfinished),
      interrupted: unfinished.size > 0 ? new Set([...interrupted, ...unfinished]) : interrupted,
      failure: told ?? failure ?? shown,
    });
    emit('chatkit.response.end');
    resolveEnded(problem);
  }

  async function run(): Promise<void> {
    emit('chatkit.response.start');
    let answering = false;
    try {
      for (let next: StreamingRequest | undefined = request; next; next = await answerCall()) {
        if (!running) return;
        emit('chatkit.log', { name: 'request', data: { type: next.type } });
        answering = false;
        for await (const event of api.stream(next, abort.signal)) {
          if (!running) return;
          answering = true;
          take(event);
        }
        flush();
      }
      const cut = endOfStream();
      if (cut) report(new Error('the stream ended before the turn was complete'));
      end(cut);
    } catch (error) {
      if (!running) return;
      flush();
      const stored = !chat.get().pending;
      const lost = answering && stored;
      report(error instanceof Error ? error : new Error(String(error)));
      end({
        describe: (strings) => (lost ? strings.lost : failureText(error, strings)),
        retry: stored ? 'turn' : 'draft',
        wait: waitAfter(error),
      });
    }
  }

  /** The request that goes on with the turn, if its stream ended with a call for this page. */
  async function answerCall(): Promise<StreamingRequest | undefined> {
    const { thread } = chat.get();
    const call = thread?.items.data.at(-1);
    if (!running || !thread || told || call?.type !== 'client_tool_call') return undefined;
    if (call.status !== 'pending' || !calls.has(call.id)) return undefined;
    // The reference server stores a workflow that is open at a call, and goes on with it after the output.
    for (const item of thread.items.data) if (item.type === 'workflow') unfinished.delete(item.id);
    if (unfinished.size > 0) return undefined;
    const { result, failed } = await callClientTool(handlers().onClientTool, call);
    if (!running) return undefined;
    if (failed) emit('chatkit.error', { error: failed });
    complete(call, result);
    return { type: 'threads.add_client_tool_output', params: { thread_id: thread.id, result } };
  }

  /** The server sends no event for an answered call: without this one it would be answered again after the stream. */
  function complete(call: ClientToolCallItem, output: unknown): void {
    const { thread } = chat.get();
    const item: ClientToolCallItem = { ...call, status: 'completed', output };
    chat.update({ thread: thread && applyEvent(thread, { type: 'thread.item.replaced', item }) });
  }

  /** A body that ends too early looks like one that is complete: only what is missing tells. */
  function endOfStream(): Failure | undefined {
    if (told) return undefined;
    if (chat.get().pending)
      return { describe: (strings) => failureText(new RequestFailure(502), strings), retry: 'draft' };
    return unfinished.size > 0 ? { describe: (strings) => strings.lost, retry: 'turn' } : undefined;
  }

  void run();
  return {
    ended,
    stop() {
      end();
      abort.abort();
    },
  };
}

/** A new thread begins without items, whatever its event carries. */
function withoutItems(thread: Thread): Thread {
  return { ...thread, items: { data: [], has_more: false } };
}

function withKey(keys: ChatState['keys'], id: string, key: string): ChatState['keys'] {
  return { ...keys, [id]: key };
}

/** As the server does after a stop: of what was not finished only an answer with some text stays. */
function dropUnfinished(thread: Thread, unfinished: ReadonlySet<string>): Thread {
  if (unfinished.size === 0) return thread;
  const data = thread.items.data.filter(
    (item) =>
      !unfinished.has(item.id) ||
      (item.type === 'assistant_message' && item.content.some((part) => part.text.trim() !== '')),
  );
  return { ...thread, items: { ...thread.items, data } };
}
