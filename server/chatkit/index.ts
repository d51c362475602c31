// The SDK as others import it: `pagewise/chatkit`. What is not named here is ours to change.

export type * from '../../protocol/error.ts';
export { ERROR_STATUS } from '../../protocol/error-status.ts';
export type * from '../../protocol/event.ts';
export type * from '../../protocol/item.ts';
export type * from '../../protocol/request.ts';
export { decodeSse, encodeSse } from '../../protocol/sse.ts';
export type * from '../../protocol/thread.ts';
export type * from '../../protocol/widget.ts';
export { accumulateText } from './agents/accumulate-text.ts';
export { AgentContext } from './agents/agent-context.ts';
export type { NewTask, NewWorkflow } from './agents/new-task.ts';
export { type ResponseCitation, ResponseStreamConverter } from './agents/response-stream-converter.ts';
export { type StreamAgentResponseOptions, streamAgentResponse } from './agents/stream-agent-response.ts';
export {
  type AgentInput,
  type AgentInputContent,
  ThreadItemConverter,
  type UserMessageTag,
} from './agents/thread-item-converter.ts';
export type { AttachmentStore } from './attachment-store.ts';
export type { Action, ChatKitServerDeps, Recording } from './chatkit-handlers.ts';
export { ChatKitServer, type JsonResult } from './chatkit-server.ts';
export { ChatKitError, CustomStreamError, StreamError } from './errors.ts';
export { createId } from './ids.ts';
export { createMemoryStore } from './memory-store.ts';
export { type ParsedRequest, parseRequest } from './parse-request.ts';
export type { IdKind, PageRequest, Store, StoredAttachment } from './store.ts';
export { Turn } from './turn.ts';
export { streamWidget } from './widgets/stream-widget.ts';
export { diffWidget } from './widgets/widget-diff.ts';
export { WidgetTemplate } from './widgets/widget-template.ts';
export * as widgets from './widgets/widgets.ts';
