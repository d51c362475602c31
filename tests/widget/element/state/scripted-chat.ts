import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import type { ClientToolCallItem, ThreadItem, UserMessageItem } from '../../../../protocol/item.ts';
import type { ChatKitRequest } from '../../../../protocol/request.ts';
import type { Thread } from '../../../../protocol/thread.ts';
import { type Chat, createChat } from '../../../../widget/element/state/chat.ts';
import type { HostHandlers } from '../../../../widget/element/state/chat-state.ts';

const AT = '2026-11-20T09:00:00Z';
export const base = { thread_id: 'thr_1', created_at: AT };

export const question: UserMessageItem = {
  ...base,
  id: 'msg_q',
  type: 'user_message',
  content: [{ type: 'input_text', text: 'Why?' }],
  attachments: [],
  inference_options: {},
};

export function toolCall(id: string, name = 'read_more'): ClientToolCallItem {
  return { ...base, id, type: 'client_tool_call', status: 'pending', call_id: `call_${id}`, name, arguments: { n: 1 } };
}

export function answer(text: string, id = 'msg_a'): ThreadItem {
  return { ...base, id, type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }] };
}

export function threadOf(...data: ThreadItem[]): Thread {
  return { id: 'thr_1', created_at: AT, status: { type: 'active' }, metadata: {}, items: { data, has_more: false } };
}

export const done = (item: ThreadItem): ThreadStreamEvent => ({ type: 'thread.item.done', item });
export const added = (item: ThreadItem): ThreadStreamEvent => ({ type: 'thread.item.added', item });

type Step = ThreadStreamEvent | { wait: Promise<void> } | { fail: Error };

export interface ScriptedChat {
  chat: Chat;
  requests: ChatKitRequest[];
  /** What the host page heard, without the log. */
  heard: [string, unknown][];
  /** One list of steps for each streaming request, in their order. */
  streams: Step[][];
  /** Answers of the JSON requests by type; an error is thrown, a function is asked. */
  answers: Record<string, unknown>;
  handlers: HostHandlers;
}

/** A chat whose server is a script: every streaming request takes the next list of steps. */
export function createScriptedChat(): ScriptedChat {
  const script: Omit<ScriptedChat, 'chat'> = {
    requests: [],
    heard: [],
    streams: [],
    answers: {},
    handlers: { onClientTool: undefined, onWidgetAction: undefined },
  };
  const chat = createChat(
    {
      async json(request) {
        script.requests.push(request);
        const given = script.answers[request.type];
        if (given instanceof Error) throw given;
        return typeof given === 'function' ? given(request) : given;
      },
      endpoint: () => ({ url: '/chatkit', fetch: undefined, locale: 'en', uploadUrl: undefined }),
      async *stream(request, signal) {
        script.requests.push(request);
        for (const step of script.streams.shift() ?? []) {
          if ('wait' in step) await step.wait;
          else if ('fail' in step) throw step.fail;
          else yield step;
          signal.throwIfAborted();
        }
      },
    },
    (name, ...detail) => {
      if (name !== 'chatkit.log') script.heard.push([name, detail[0]]);
    },
    (callback) => setImmediate(callback),
    () => script.handlers,
  );
  return Object.assign(script, { chat });
}
