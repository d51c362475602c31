// The SDK as others import it: `pagewise/chatkit`. What is not named here is ours to change.

export type * from '../../protocol/error.ts';
export { ERROR_STATUS } from '../../protocol/error-status.ts';
export type * from '../../protocol/event.ts';
export type * from '../../protocol/item.ts';
export type * from '../../protocol/request.ts';
export { decodeSse, encodeSse } from '../../protocol/sse.ts';
export type * from '../../protocol/thread.ts';
export type * from '../../protocol/widget.ts';
export { accumulateText } from './accumulate-text.ts';
export { AgentContext } from './agent-context.ts';
export type { AttachmentStore } from './attachment-store.ts';
export type { Action, ChatKitServerDeps, Recording } from './chatkit-handlers.ts';
export { ChatKitServer, type JsonResult } from './chatkit-server.ts';
export { ChatKitError, CustomStreamError, StreamError } from './errors.ts';
export { createId } from './ids.ts';
export { createMemoryStore } from './memory-store.ts';
export type { NewTask, NewWorkflow } from './new-task.ts';
export { type ParsedRequest, parseRequest } from './parse-request.ts';
export { type ResponseCitation, ResponseStreamConverter } from './response-stream-converter.ts';
export type { IdKind, PageRequest, Store, StoredAttachment } from './store.ts';
export { type StreamAgentResponseOptions, streamAgentResponse } from './stream-agent-response.ts';
export { streamWidget } from './stream-widget.ts';
export {
  type AgentInput,
  type AgentInputContent,
  ThreadItemConverter,
  type UserMessageTag,
} from './thread-item-converter.ts';
export { Turn } from './turn.ts';
export { diffWidget } from './widget-diff.ts';
export { WidgetTemplate } from './widget-template.ts';
export * as widgets from './widgets.ts';
