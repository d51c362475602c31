import { z } from 'zod';
import type { ChatKitRequest, UserMessageInput } from '../../protocol/request.ts';
import { ChatKitError } from './errors.ts';
import { mergeMetadata } from './merge-metadata.ts';

/** Most UTF-16 code units of one message, all its parts together. */
export const MAX_MESSAGE_CHARS = 8_000;
/** Most UTF-16 code units of a title: it is one line of a list. */
const MAX_TITLE_CHARS = 1_000;

/** A request as the reference accepts it, its metadata merged from the three places where clients put it. */
export type ParsedRequest = ChatKitRequest & { metadata: Record<string, unknown> };

// The reference reads leniently: "5", 5.0 and true are whole numbers, unknown keys are dropped.
const wholeNumber = z.union([
  z.int(),
  z.boolean().transform(Number),
  z
    .string()
    .regex(/^\s*[+-]?\d+(\.0*)?\s*$/)
    .transform(Number),
]);
const id = z.string();

const content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z
    .object({
      type: z.literal('input_tag'),
      id: z.string(),
      text: z.string(),
      data: z.record(z.string(), z.unknown()),
      group: z.string().nullish(),
      interactive: z.boolean().default(false),
    })
    .transform(({ group, ...tag }) => ({ ...tag, ...(group != null && { group }) })),
]);

const inferenceOptions = z
  .object({ tool_choice: z.object({ id: z.string() }).nullish(), model: z.string().nullish() })
  .transform(({ tool_choice, model }) => ({
    ...(tool_choice != null && { tool_choice }),
    ...(model != null && { model }),
  }));

const userMessageInput = z
  .object({
    content: z.array(content),
    attachments: z.array(id),
    quoted_text: z.string().nullish(),
    inference_options: inferenceOptions,
  })
  .transform(({ quoted_text, ...input }) => ({ ...input, ...(quoted_text != null && { quoted_text }) }));

const list = {
  limit: wholeNumber.nullable().default(null),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().nullable().default(null),
};

const answer = z.object({ values: z.array(z.string()).default([]), skipped: z.boolean().default(false) });

const action = z.object({
  thread_id: id,
  item_id: id.nullish(),
  action: z.object({ type: z.string(), payload: z.unknown().default(null) }),
});

const PARAMS = {
  'threads.create': z.object({ input: userMessageInput }),
  'threads.add_user_message': z.object({ thread_id: id, input: userMessageInput }),
  'threads.add_client_tool_output': z
    .object({ thread_id: id, result: z.unknown() })
    .refine((params) => params.result !== undefined, { path: ['result'], error: 'is missing' }),
  'threads.add_structured_input': z.object({
    thread_id: id,
    item_id: id,
    input: z.object({
      status: z.enum(['answered', 'skipped']).default('answered'),
      answers: z.record(z.string(), answer).default({}),
    }),
  }),
  'threads.retry_after_item': z.object({ thread_id: id, item_id: id }),
  'threads.custom_action': action,
  'threads.sync_custom_action': action,
  'threads.get_by_id': z.object({ thread_id: id }),
  'threads.list': z.object(list),
  'items.list': z.object({ thread_id: id, ...list }),
  'items.feedback': z.object({ thread_id: id, item_ids: z.array(id), kind: z.enum(['positive', 'negative']) }),
  'threads.update': z.object({ thread_id: id, title: z.string().max(MAX_TITLE_CHARS) }),
  'threads.delete': z.object({ thread_id: id }),
  'attachments.create': z.object({ name: z.string(), size: wholeNumber, mime_type: z.string() }),
  'attachments.delete': z.object({ attachment_id: id }),
  'input.transcribe': z.object({ audio_base64: z.string(), mime_type: z.string() }),
} satisfies Record<ChatKitRequest['type'], z.ZodType>;

const envelope = z.object({
  type: z.string(),
  params: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Checks the shape of a request as the reference does, and drops what it does not know. Throws `ChatKitError`:
 * `unknown_request_type`; `message_too_long`; `invalid_request` for the rest, NUL and lone surrogates in any string
 * of the parameters among it: a database cuts at the one, and UTF-8 cannot hold the other.
 */
export function parseRequest(json: unknown): ParsedRequest {
  const { type, params: raw, metadata } = check(envelope, json, []);
  if (!isKnownType(type)) throw new ChatKitError('unknown_request_type', 'this request type is not known');
  const params = check<unknown>(PARAMS[type], raw, ['params']);
  refuseBrokenText(params, 'params');
  // The schemas of PARAMS are keyed by the types of the union, so type and params belong together.
  const request = { type, params, metadata: mergeMetadata(metadata, raw) } as ParsedRequest;
  if (request.type === 'threads.create' || request.type === 'threads.add_user_message')
    refuseLongMessage(request.params.input);
  return request;
}

function isKnownType(type: string): type is ChatKitRequest['type'] {
  return Object.hasOwn(PARAMS, type);
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: string[]): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = [...path, ...(issue?.path ?? [])].join('.');
  throw new ChatKitError('invalid_request', `${where || 'the request'}: ${issue?.message ?? 'is not valid'}`);
}

function refuseBrokenText(value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new ChatKitError('invalid_request', `${path}: holds a NUL character`);
    if (!value.isWellFormed()) throw new ChatKitError('invalid_request', `${path}: holds half of a surrogate pair`);
  } else if (typeof value === 'object' && value !== null)
    for (const [key, entry] of Object.entries(value)) {
      refuseBrokenText(key, path);
      refuseBrokenText(entry, `${path}.${key}`);
    }
}

function refuseLongMessage(input: UserMessageInput): void {
  const length = input.content.reduce((sum, part) => sum + part.text.length, 0);
  if (length > MAX_MESSAGE_CHARS)
    throw new ChatKitError('message_too_long', `a message holds at most ${MAX_MESSAGE_CHARS} characters`);
}
