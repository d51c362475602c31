import { createChatKitEndpoint } from '../../fakes/chatkit-endpoint.ts';
import { startTwoOrigins, type TwoOrigins } from '../embed/two-origins.ts';

export const ANSWER = 'It costs 12 euros.';

/** A host page's origin, and a chat origin whose every turn ends with `ANSWER`: the built element, no stand-in. */
export async function startChattingOrigins(): Promise<TwoOrigins> {
  const origins = await startTwoOrigins();
  const endpoint = createChatKitEndpoint();
  endpoint.script = async function* (_request, { say }) {
    yield { type: 'thread.item.done', item: say(ANSWER) };
  };
  origins.answer = async ({ path, body }) => {
    const takesBody = path === '/chatkit' || path === '/v1/session';
    if (takesBody && body === undefined)
      return { status: 400, body: { error: { code: 'invalid_json', message: 'the body is no JSON' } } };
    if (path !== '/chatkit') return undefined;
    const request = new Request('http://chat.example/', { method: 'POST', body: JSON.stringify(body) });
    const response = await endpoint.handle(request);
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  };
  return origins;
}
