import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import { fragmentsOf, type Said } from './script.ts';
import { startUpstream, type Upstream, type Wire } from './upstream.ts';

/** What endpoints that speak this API do differently. OpenAI's own does none of it. */
export interface ChatCompletionsDialect {
  /** The id of every answer; `null`: answers have none. */
  id?: string | null;
  /** The id of every tool call; an empty one is as good as none. */
  callId?: string;
  /** Where thoughts stand in a delta. */
  thoughts?: 'reasoning_content' | 'reasoning';
  /** Ends the body without the `[DONE]`. */
  withoutDone?: boolean;
  /** Tells no usage, though it was asked to. */
  withoutUsage?: boolean;
  /** Fields that it does not take. */
  refusedFields?: string[];
  /** Takes a user's turn only after the assistant's, as the chat templates of many models do. */
  strictTurns?: boolean;
}

/** An endpoint that speaks the Chat Completions API, chunk for chunk as on the wire. */
export async function startChatCompletionsUpstream(dialect: ChatCompletionsDialect = {}): Promise<Upstream> {
  return await startUpstream(createWire(dialect));
}

type Delta = ChatCompletionChunk.Choice.Delta & {
  reasoning_content?: string;
  reasoning?: string;
  annotations?: object[];
};
type FinishReason = NonNullable<ChatCompletionChunk.Choice['finish_reason']>;

const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

function createWire(dialect: ChatCompletionsDialect): Wire {
  const base = (id: string) => ({
    ...(dialect.id === null ? {} : { id: dialect.id ?? `chatcmpl-${id}` }),
    created: 1_767_225_600,
    model: 'fake',
  });
  return {
    path: '/chat/completions',
    refuse: (request) => refuse(request, dialect),
    write({ id, said, incomplete, request }) {
      const frame = (fields: Partial<ChatCompletionChunk>) =>
        toFrame({ ...base(id), object: 'chat.completion.chunk', choices: [], ...fields });
      const choice = (delta: Delta, finish_reason: FinishReason | null = null) =>
        frame({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] });
      const options = request['stream_options'] as { include_usage?: boolean } | undefined;
      const calls = said.some((one) => typeof one === 'object' && 'call' in one);
      return {
        begun: [
          choice({ role: 'assistant', content: '', refusal: null }),
          ...toDeltas(said, id, dialect).map((delta) => choice(delta)),
        ],
        ending: [
          choice({}, incomplete ?? (calls ? 'tool_calls' : 'stop')),
          ...(options?.include_usage && !dialect.withoutUsage ? [frame({ usage: USAGE })] : []),
          ...(dialect.withoutDone ? [] : ['data: [DONE]\n\n']),
        ],
        failure: toFrame({ error: { message: 'upstream says it failed', type: 'server_error', code: 500 } }),
      };
    },
    whole(id, text): Omit<ChatCompletion, 'id'> {
      const message = { role: 'assistant' as const, content: text, refusal: null };
      return {
        ...base(id),
        object: 'chat.completion',
        choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
        usage: USAGE,
      };
    },
  };
}

function toFrame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** A script that this API has no words for is a mistake of the test. */
function toDeltas(said: Said[], id: string, dialect: ChatCompletionsDialect): Delta[] {
  let calls = 0;
  let length = 0;
  return said.flatMap((one): Delta[] => {
    if (typeof one === 'string') {
      length += one.length;
      return [{ content: one }];
    }
    if ('thought' in one) return one.thought.map((text) => ({ [dialect.thoughts ?? 'reasoning_content']: text }));
    if ('refusal' in one) return one.refusal.map((refusal) => ({ refusal }));
    if ('cite' in one && 'url' in one.cite)
      return [
        { annotations: [{ type: 'url_citation', url_citation: { start_index: 0, end_index: length, ...one.cite } }] },
      ];
    if ('call' in one) {
      const index = calls;
      calls += 1;
      const callId = dialect.callId ?? `call_${id}${index}`;
      const begun = { index, id: callId, type: 'function' as const, function: { name: one.call, arguments: '' } };
      return [
        { tool_calls: [begun] },
        ...fragmentsOf(one.arguments).map((fragment) => ({
          tool_calls: [{ index, function: { arguments: fragment } }],
        })),
      ];
    }
    throw new Error(`Chat Completions cannot say ${JSON.stringify(one)}`);
  });
}

function refuse(request: Record<string, unknown>, dialect: ChatCompletionsDialect): string | undefined {
  const field = dialect.refusedFields?.find((name) => name in request);
  if (field !== undefined) return `extra fields are not permitted: ${field}`;
  const roles = (request['messages'] as { role: string }[]).map(({ role }) => role);
  const repeated = roles.some((role, index) => role === 'user' && roles[index - 1] === 'user');
  return dialect.strictTurns && repeated ? 'conversation roles must alternate' : undefined;
}
