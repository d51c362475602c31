import type { InferenceOptions, UserMessageContent } from './item.ts';

export interface UserMessageInput {
  content: UserMessageContent[];
  /** Ids of attachments that were made before. */
  attachments: string[];
  quoted_text?: string | null;
  inference_options: InferenceOptions;
}

export interface ListParams {
  /** `null` and 0 mean the server's default. */
  limit?: number | null;
  order?: 'asc' | 'desc';
  /** Exclusive: the id of the last entry already seen. */
  after?: string | null;
}

export interface StructuredAnswers {
  status: 'answered' | 'skipped';
  answers: Record<string, { values: string[]; skipped: boolean }>;
}

export interface ActionParams {
  thread_id: string;
  item_id?: string | null;
  action: { type: string; payload?: unknown };
}

/** Requests answered by a stream of events. */
export type StreamingRequest =
  | { type: 'threads.create'; params: { input: UserMessageInput } }
  | { type: 'threads.add_user_message'; params: { thread_id: string; input: UserMessageInput } }
  | { type: 'threads.retry_after_item'; params: { thread_id: string; item_id: string } }
  | { type: 'threads.add_client_tool_output'; params: { thread_id: string; result: unknown } }
  | { type: 'threads.add_structured_input'; params: { thread_id: string; item_id: string; input: StructuredAnswers } }
  | { type: 'threads.custom_action'; params: ActionParams };

/** Requests answered by one JSON document. */
export type JsonRequest =
  | { type: 'threads.get_by_id'; params: { thread_id: string } }
  | { type: 'threads.list'; params: ListParams }
  | { type: 'items.list'; params: ListParams & { thread_id: string } }
  | { type: 'items.feedback'; params: { thread_id: string; item_ids: string[]; kind: 'positive' | 'negative' } }
  | { type: 'threads.update'; params: { thread_id: string; title: string } }
  | { type: 'threads.delete'; params: { thread_id: string } }
  | { type: 'threads.sync_custom_action'; params: ActionParams }
  | { type: 'attachments.create'; params: { name: string; size: number; mime_type: string } }
  | { type: 'attachments.delete'; params: { attachment_id: string } }
  | { type: 'input.transcribe'; params: { audio_base64: string; mime_type: string } };

/** The body of every POST to a ChatKit server. `metadata` is the host's own: the protocol passes it through. */
export type ChatKitRequest = (StreamingRequest | JsonRequest) & { metadata?: Record<string, unknown> };
