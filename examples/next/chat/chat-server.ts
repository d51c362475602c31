/** Whose chat element the pages load: `pagewise` is served by the chat server, `openai` comes from OpenAI's CDN. */
const ELEMENT: 'pagewise' | 'openai' = 'pagewise';

export const CHAT_SERVER = process.env.PAGEWISE_URL ?? 'http://localhost:8787';

export const ELEMENT_SCRIPT = {
  pagewise: `${CHAT_SERVER}/chatkit.js`,
  openai: 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js',
}[ELEMENT];
