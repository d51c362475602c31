// What hosts without the widget import: `pagewise/client`. What is not named here is ours to change.

export type { ErrorCode } from '../../protocol/error.ts';
export type { PageContext, PageContextLevel } from '../../protocol/page-context.ts';
export { type ChatFetchOptions, createChatFetch } from './chat-fetch.ts';
export { ChatKitNotReadyError, type ChatKitStatus, chatKitStatus, whenChatKitReady } from './chatkit-status.ts';
export { getPageContext } from './get-page-context.ts';
export { NotSignedInError } from './not-signed-in-error.ts';
