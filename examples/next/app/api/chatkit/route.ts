import { createCookieProxy } from 'pagewise/proxy';
import { TOKEN_COOKIE } from '../../../account/user-token';
import { CHAT_SERVER } from '../../../chat/chat-server';

// The browser sends its cookie here, and the chat server gets a Bearer token: no script ever sees it.
export const POST = createCookieProxy({ cookie: TOKEN_COOKIE, target: `${CHAT_SERVER}/chatkit` });
