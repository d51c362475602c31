import type {
  Response,
  ResponseOutputItem,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { type Citation, fragmentsOf, type Said } from './script.ts';
import { startUpstream, type Upstream, type Wire } from './upstream.ts';

export type ResponsesUpstream = Upstream;

export interface ResponsesDialect {
  /** Adapters of other endpoints give the same id to every message. */
  messageId?: string;
}

/** An endpoint that speaks the Responses API, event for event as on the wire. */
export async function startResponsesUpstream(dialect: ResponsesDialect = {}): Promise<ResponsesUpstream> {
  return await startUpstream(createWire(dialect));
}

type WithoutNumber<T> = T extends unknown ? Omit<T, 'sequence_number'> : never;
/** Its number is given when it is written. */
type Event = WithoutNumber<ResponseStreamEvent>;

/** One entry of a response's `output`, and the events that tell of it. */
interface Output {
  item: ResponseOutputItem;
  begun: Event[];
  ending: Event[];
}

function createWire(dialect: ResponsesDialect): Wire {
  const outputsOf = (id: string, said: Said[]) =>
    toEntries(said).map((entry, index) => toOutput(entry, index, id, dialect));
  return {
    path: '/responses',
    write({ id, said, incomplete }) {
      const outputs = outputsOf(id, said);
      const whole = toResponse(id, outputs);
      const begun: Response = { ...toResponse(id, []), status: 'in_progress' };
      const events: Event[] = [
        { type: 'response.created', response: begun },
        { type: 'response.in_progress', response: begun },
        ...outputs.flatMap(({ begun, ending }) => begun.concat(ending)),
      ];
      const last = events.splice(events.length - (outputs.at(-1)?.ending.length ?? 0));
      const reason = incomplete === 'length' ? 'max_output_tokens' : incomplete;
      const end: Event = reason
        ? { type: 'response.incomplete', response: { ...whole, status: 'incomplete', incomplete_details: { reason } } }
        : { type: 'response.completed', response: whole };
      const error: Response['error'] = { code: 'server_error', message: 'upstream says it failed' };
      const failed: Event = { type: 'response.failed', response: { ...begun, status: 'failed', error } };
      return {
        begun: events.map((event, index) => toFrame(event, index)),
        ending: [...last, end].map((event, index) => toFrame(event, events.length + index)),
        failure: toFrame(failed, events.length),
      };
    },
    whole: (id, text) => toResponse(id, outputsOf(id, [text])),
  };
}

function toFrame(event: Event, index: number): string {
  return `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`;
}

type InMessage = Extract<Said, string | { cite: unknown } | { refusal: unknown }>;
type Entry = { message: InMessage[] } | Exclude<Said, InMessage>;

/** What belongs to a message and stands side by side is one; everything else is an item of its own. */
function toEntries(said: Said[]): Entry[] {
  const entries: Entry[] = [];
  for (const one of said) {
    const last = entries.at(-1);
    if (typeof one === 'object' && !('cite' in one) && !('refusal' in one)) entries.push(one);
    else if (last && 'message' in last) last.message.push(one);
    else entries.push({ message: [one] });
  }
  return entries;
}

function toOutput(entry: Entry, index: number, responseId: string, dialect: ResponsesDialect): Output {
  const idOf = (prefix: string) => `${prefix}_${responseId}${index.toString(16).padStart(2, '0')}`;
  if ('message' in entry) return messageOutput(entry.message, index, dialect.messageId ?? idOf('msg'));
  if ('thought' in entry) return thoughtOutput(entry.thought, index, idOf('rs'));
  if ('call' in entry) return callOutput(entry, index, idOf('fc'), idOf('call'));
  if ('image' in entry) return imageOutput(entry, index, idOf('ig'));
  if ('webSearch' in entry) return webSearchOutput(entry, index, idOf('ws'));
  return fileSearchOutput(entry, index, idOf('fs'));
}

function messageOutput(said: InMessage[], output_index: number, id: string): Output {
  const begun: Event[] = [];
  const content: (ResponseOutputText | ResponseOutputRefusal)[] = [];
  let ending: Event[] = [];
  const begin = (part: ResponseOutputText | ResponseOutputRefusal) => {
    begun.push(...ending);
    const content_index = content.push(part) - 1;
    const at = { item_id: id, output_index, content_index };
    begun.push({ type: 'response.content_part.added', ...at, part: structuredClone(part) });
    return at;
  };
  for (let n = 0; n < said.length; ) {
    const one = said[n];
    if (typeof one === 'object' && 'refusal' in one) {
      n += 1;
      const part: ResponseOutputRefusal = { type: 'refusal', refusal: '' };
      const at = begin(part);
      part.refusal = one.refusal.join('');
      for (const delta of one.refusal) begun.push({ type: 'response.refusal.delta', ...at, delta });
      ending = [
        { type: 'response.refusal.done', ...at, refusal: part.refusal },
        { type: 'response.content_part.done', ...at, part },
      ];
      continue;
    }
    const part: ResponseOutputText = { type: 'output_text', annotations: [], logprobs: [], text: '' };
    const at = begin(part);
    for (let next = said[n]; typeof next === 'string' || (next && 'cite' in next); n += 1, next = said[n])
      if (typeof next === 'string') {
        part.text += next;
        begun.push({ type: 'response.output_text.delta', ...at, delta: next, logprobs: [] });
      } else {
        const annotation = toAnnotation(next.cite, part.text.length);
        const annotation_index = part.annotations.push(annotation) - 1;
        begun.push({ type: 'response.output_text.annotation.added', ...at, annotation_index, annotation });
      }
    ending = [
      { type: 'response.output_text.done', ...at, text: part.text, logprobs: [] },
      { type: 'response.content_part.done', ...at, part },
    ];
  }
  const message = { id, type: 'message' as const, role: 'assistant' as const };
  const item: ResponseOutputItem = { ...message, status: 'completed', content };
  return {
    item,
    begun: [added(output_index, { ...message, status: 'in_progress', content: [] }), ...begun],
    ending: [...ending, done(output_index, item)],
  };
}

function toAnnotation(cited: Citation, end: number): ResponseOutputText['annotations'][number] {
  return 'url' in cited
    ? { type: 'url_citation', start_index: 0, end_index: end, ...cited }
    : { type: 'file_citation', index: end, file_id: 'file_0', filename: cited.file };
}

function thoughtOutput(deltas: string[], output_index: number, id: string): Output {
  const at = { item_id: id, output_index, summary_index: 0 };
  const part = { type: 'summary_text' as const, text: deltas.join('') };
  const item: ResponseOutputItem = { id, type: 'reasoning', summary: [part] };
  return {
    item,
    begun: [
      added(output_index, { ...item, summary: [] }),
      { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
      ...deltas.map((delta): Event => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
    ],
    ending: [
      { type: 'response.reasoning_summary_text.done', ...at, text: part.text },
      { type: 'response.reasoning_summary_part.done', ...at, part },
      done(output_index, item),
    ],
  };
}

function callOutput(said: Extract<Said, { call: unknown }>, output_index: number, id: string, call_id: string): Output {
  const at = { item_id: id, output_index };
  const call = { id, type: 'function_call' as const, name: said.call, call_id };
  const item: ResponseOutputItem = { ...call, status: 'completed', arguments: JSON.stringify(said.arguments) };
  const begun: Event[] = [added(output_index, { ...call, status: 'in_progress', arguments: '' })];
  for (const delta of fragmentsOf(said.arguments))
    begun.push({ type: 'response.function_call_arguments.delta', ...at, delta });
  return {
    item,
    begun,
    ending: [
      { type: 'response.function_call_arguments.done', ...at, arguments: item.arguments },
      done(output_index, item),
    ],
  };
}

function imageOutput(said: Extract<Said, { image: unknown }>, output_index: number, id: string): Output {
  const at = { item_id: id, output_index };
  const look = { background: 'opaque' as const, output_format: 'png' as const, size: '1024x1024' as const };
  const call = { id, type: 'image_generation_call' as const };
  const item: ResponseOutputItem = { ...call, status: 'completed', ...look, result: said.image };
  const partial = said.partial.map(
    (partial_image_b64, partial_image_index): Event => ({
      type: 'response.image_generation_call.partial_image',
      ...at,
      ...look,
      partial_image_index,
      partial_image_b64,
    }),
  );
  return {
    item,
    begun: [
      added(output_index, { ...call, status: 'in_progress', result: null }),
      { type: 'response.image_generation_call.in_progress', ...at },
      { type: 'response.image_generation_call.generating', ...at },
      ...partial,
    ],
    ending: [{ type: 'response.image_generation_call.completed', ...at }, done(output_index, item)],
  };
}

function webSearchOutput(said: Extract<Said, { webSearch: unknown }>, output_index: number, id: string): Output {
  const at = { item_id: id, output_index };
  const action = { type: 'search' as const, query: said.webSearch, queries: [said.webSearch] };
  const sources = said.found.map((url) => ({ type: 'url' as const, url }));
  const call = { id, type: 'web_search_call' as const };
  const item: ResponseOutputItem = { ...call, status: 'completed', action: { ...action, sources } };
  return {
    item,
    begun: [
      added(output_index, { ...call, status: 'in_progress', action }),
      { type: 'response.web_search_call.in_progress', ...at },
      { type: 'response.web_search_call.searching', ...at },
    ],
    ending: [{ type: 'response.web_search_call.completed', ...at }, done(output_index, item)],
  };
}

function fileSearchOutput(said: Extract<Said, { fileSearch: unknown }>, output_index: number, id: string): Output {
  const at = { item_id: id, output_index };
  const call = { id, type: 'file_search_call' as const, queries: [said.fileSearch] };
  const results = said.found.map((filename, n) => ({ file_id: `file_${n}`, filename, score: 0.9, text: '' }));
  const item: ResponseOutputItem = { ...call, status: 'completed', results };
  return {
    item,
    begun: [
      added(output_index, { ...call, status: 'in_progress', results: null }),
      { type: 'response.file_search_call.in_progress', ...at },
      { type: 'response.file_search_call.searching', ...at },
    ],
    ending: [{ type: 'response.file_search_call.completed', ...at }, done(output_index, item)],
  };
}

function added(output_index: number, item: ResponseOutputItem): Event {
  return { type: 'response.output_item.added', output_index, item };
}

function done(output_index: number, item: ResponseOutputItem): Event {
  return { type: 'response.output_item.done', output_index, item };
}

function toResponse(id: string, outputs: Output[]): Response {
  const onTheWire: Partial<Response> = {
    id: `resp_${id}`,
    object: 'response',
    created_at: 1_767_225_600,
    status: 'completed',
    model: 'fake',
    error: null,
    incomplete_details: null,
    output: outputs.map(({ item }) => item),
    usage: {
      input_tokens: 1,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 2,
    },
  };
  // The client adds the rest, or nobody reads it.
  return onTheWire as Response;
}
