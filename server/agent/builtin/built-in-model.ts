import { setImmediate as nextTick } from 'node:timers/promises';
import {
  type AssistantMessageItem,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type StreamEvent,
  Usage,
} from '@openai/agents';
import { readModelInput } from '../model-input.ts';
import { composeAnswer } from './compose.ts';

/** Words a delta: few enough that an answer is seen to be written. */
const WORDS_PER_DELTA = 3;

/**
 * A model that needs no key and no network: it answers by quoting the passages of the page that fit the question best,
 * and says so when none does. It reads the same input as any other model and writes the same citations.
 */
export class BuiltInModel implements Model {
  getResponse(request: ModelRequest): Promise<ModelResponse> {
    return Promise.resolve(toResponse(composeAnswer(inputOf(request))));
  }

  async *getStreamedResponse(request: ModelRequest): AsyncIterable<StreamEvent> {
    yield { type: 'response_started' };
    const text = composeAnswer(inputOf(request));
    for (const delta of toDeltas(text)) {
      request.signal?.throwIfAborted();
      yield { type: 'output_text_delta', delta };
      // Lets other turns go on between two deltas: composing is synchronous, and so is reading this.
      await nextTick();
    }
    yield { type: 'response_done', response: { ...toResponse(text), id: 'built-in' } };
  }
}

function inputOf({ input }: ModelRequest) {
  return typeof input === 'string' ? { question: input, passages: [], history: [] } : readModelInput(input);
}

function toResponse(text: string) {
  return { usage: new Usage(), output: [assistantMessage(text)] };
}

function assistantMessage(text: string): AssistantMessageItem {
  return { type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text }] };
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
