import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import {
  type AssistantMessageItem,
  type FunctionCallItem,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type StreamEvent,
  Usage,
} from '@openai/agents';
import { readModelInput } from '../model-input.ts';
import { composeReply, type Reply } from './compose.ts';

/** Words a delta: few enough that an answer is seen to be written. */
const WORDS_PER_DELTA = 3;

/**
 * A model that needs no key and no network: it answers by quoting the passages of the page that fit the question best,
 * and says so when none does. It reads the same input as any other model, writes the same citations and calls the same
 * tools.
 */
export class BuiltInModel implements Model {
  getResponse(request: ModelRequest): Promise<ModelResponse> {
    return Promise.resolve(toResponse(replyTo(request)));
  }

  async *getStreamedResponse(request: ModelRequest): AsyncIterable<StreamEvent> {
    yield { type: 'response_started' };
    const reply = replyTo(request);
    for (const delta of toDeltas(reply.text)) {
      request.signal?.throwIfAborted();
      yield { type: 'output_text_delta', delta };
      // Lets other turns go on between two deltas: composing is synchronous, and so is reading this.
      await nextTick();
    }
    yield { type: 'response_done', response: { ...toResponse(reply), id: 'built-in' } };
  }
}

function replyTo({ input, tools }: ModelRequest): Reply {
  if (typeof input === 'string')
    return composeReply({ question: input, passages: [], files: [], history: [] }, new Set());
  // It said all it had to say before it called.
  if (input.some(({ type }) => type === 'function_call_result')) return { text: '' };
  return composeReply(readModelInput(input), new Set(tools.map(({ name }) => name)));
}

function toResponse({ text, call }: Reply) {
  const output: (AssistantMessageItem | FunctionCallItem)[] = [];
  if (text !== '' || !call)
    output.push({
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text }],
    });
  if (call)
    output.push({
      type: 'function_call',
      callId: `call_${randomUUID()}`,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
      status: 'completed',
    });
  return { usage: new Usage(), output };
}

function* toDeltas(text: string): Generator<string> {
  let delta = '';
  let words = 0;
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (isWordLike && words === WORDS_PER_DELTA) {
      yield delta;
      delta = '';
      words = 0;
    }
    delta += segment;
    if (isWordLike) words += 1;
  }
  if (delta !== '') yield delta;
}
