import type { ChatKitRequest, StreamingRequest, UserMessageInput } from '../../protocol/request.ts';

const ANSWERED: Record<StreamingRequest['type'], true> = {
  'threads.create': true,
  'threads.add_user_message': true,
  'threads.retry_after_item': true,
  'threads.add_client_tool_output': true,
  'threads.add_structured_input': true,
  'threads.custom_action': true,
};

/** The ChatKit request in a body. Uploads and other bodies that are no JSON are none. */
export function parseRequest(body: unknown): ChatKitRequest | undefined {
  if (typeof body !== 'string') return undefined;
  try {
    const value = JSON.parse(body) as Partial<ChatKitRequest> | null;
    return typeof value?.type === 'string' ? (value as ChatKitRequest) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The request with more metadata, where an agent answers it; every other as it is.
 *
 * @param read what is added, told what the visitor asks and quotes where the request has such words
 */
export async function addMetadata(
  request: ChatKitRequest,
  read: (question: string | undefined) => Promise<Record<string, unknown>>,
): Promise<ChatKitRequest> {
  if (!Object.hasOwn(ANSWERED, request.type)) return request;
  return { ...request, metadata: { ...request.metadata, ...(await read(questionOf(request))) } };
}

/** The message that a visitor sends with it, as far as it has the form of one: what a host writes may be anything. */
export function messageOf(request: ChatKitRequest): UserMessageInput | undefined {
  if (request.type !== 'threads.create' && request.type !== 'threads.add_user_message') return undefined;
  const { input } = (request.params ?? {}) as Partial<typeof request.params>;
  return Array.isArray(input?.content) ? input : undefined;
}

function questionOf(request: ChatKitRequest): string | undefined {
  const message = messageOf(request);
  return message && [...message.content.map(({ text }) => text), message.quoted_text ?? ''].join(' ').trim();
}
