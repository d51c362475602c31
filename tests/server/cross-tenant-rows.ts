import type { ChatKitRequest } from '../../protocol/request.ts';
import { PNG } from './files/sample-files.ts';
import type { Call, Ids, Person } from './tenant-world.ts';
import { sendForm } from './tenant-world.ts';

// One row or more for each route of the app: how somebody who knows all ids of another person would ask.

export interface Row {
  /** As the app lists it. */
  route: string;
  name: string;
  /** What `who` sends about these ids. */
  call: (ids: Ids, who: Person) => Call;
  /**
   * `session`: without one it is 401. `proof`: the call itself carries what opens it, and no session is asked for.
   * `public`: the same for everybody, and nothing of anybody. `operator`: nobody who has to do with a site.
   */
  needs: 'session' | 'proof' | 'public' | 'operator';
  /** It works once for each who asks: the second question is asked by somebody new. */
  once?: boolean;
  /** The owner gets no more than others: the row names nothing that a session could open. */
  sameForOwner?: boolean;
}

type Params<Type extends ChatKitRequest['type']> = Extract<ChatKitRequest, { type: Type }>['params'];

const input = (attachments: string[] = []) => ({
  content: [{ type: 'input_text' as const, text: 'Hello' }],
  attachments,
  inference_options: {},
});

/** Each request type, with one way or more to name what somebody else has; the compiler misses none. */
const REQUESTS: { [Type in ChatKitRequest['type']]: Record<string, (ids: Ids) => Params<Type>> } = {
  'threads.create': { 'an attachment sent': ({ sent }) => ({ input: input([sent]) }) },
  'threads.add_user_message': { 'a thread': ({ thread }) => ({ thread_id: thread, input: input() }) },
  'threads.add_client_tool_output': { 'a thread': ({ callThread }) => ({ thread_id: callThread, result: 1 }) },
  'threads.add_structured_input': {
    'an item': ({ thread, question }) => ({
      thread_id: thread,
      item_id: question,
      input: { status: 'skipped', answers: {} },
    }),
  },
  'threads.retry_after_item': { 'an item': ({ thread, message }) => ({ thread_id: thread, item_id: message }) },
  'threads.custom_action': {
    'a widget': ({ thread, widget }) => ({ thread_id: thread, item_id: widget, action: { type: 'show_section' } }),
    'a thread': ({ thread }) => ({ thread_id: thread, action: { type: 'show_section', payload: { heading: 'x' } } }),
  },
  'threads.sync_custom_action': {
    'a widget': ({ thread, widget }) => ({ thread_id: thread, item_id: widget, action: { type: 'any' } }),
  },
  'threads.get_by_id': { 'a thread': ({ thread }) => ({ thread_id: thread }) },
  'threads.list': { 'a cursor': ({ thread }) => ({ after: thread }), 'an order': () => ({ limit: 100, order: 'asc' }) },
  'items.list': {
    'a thread': ({ thread }) => ({ thread_id: thread, limit: 100 }),
    'a cursor': ({ thread, message }) => ({ thread_id: thread, after: message, order: 'asc' }),
  },
  'items.feedback': {
    'an item': ({ thread, answer }) => ({ thread_id: thread, item_ids: [answer], kind: 'negative' }),
  },
  'threads.update': { 'a thread': ({ thread }) => ({ thread_id: thread, title: 'Taken' }) },
  'threads.delete': { 'a thread': ({ thread }) => ({ thread_id: thread }) },
  'attachments.create': { 'a name': () => ({ name: 'a.txt', size: 5, mime_type: 'text/plain' }) },
  'attachments.delete': {
    'one sent': ({ sent }) => ({ attachment_id: sent }),
    'one waiting': ({ waiting }) => ({ attachment_id: waiting }),
  },
  'input.transcribe': { 'a recording': () => ({ audio_base64: 'AAAA', mime_type: 'audio/webm' }) },
};

const chatkit: Row[] = Object.entries(REQUESTS).flatMap(([type, ways]) =>
  Object.entries<(ids: Ids) => unknown>(ways).map(([name, params]) => ({
    route: 'POST /chatkit',
    name: `${type}, ${name}`,
    needs: 'session',
    sameForOwner: params.length === 0,
    call: (ids) => ({ path: '/chatkit', method: 'POST', body: JSON.stringify({ type, params: params(ids) }) }),
  })),
);

const upload = (method: 'PUT' | 'POST'): Row => ({
  route: `${method} /v1/files/:id`,
  name: 'the bytes of an attachment that waits, with a session',
  needs: 'session',
  // An upload takes a token of its own.
  sameForOwner: true,
  call: ({ waiting }) => ({ path: `/v1/files/${waiting}`, method, body: 'Hello' }),
});

const OPTIONS: Row['call'] = () => ({ path: '/', method: 'OPTIONS', bearer: null });
const OTHER_METHOD: Row['call'] = () => ({ path: '/', method: 'PATCH' });
const at =
  (path: string, call: Row['call']): Row['call'] =>
  (ids, who) => ({ ...call(ids, who), path });
const open = (route: string, path = route.split(' ')[1] ?? '', call = OTHER_METHOD): Row => ({
  route,
  name: `of ${path}`,
  needs: 'public',
  call: at(path, call),
});

/** tests/server/routes/operator.test.ts has what they answer to the one who may call them. */
const operator = [
  'GET /sites',
  'POST /sites',
  'GET /sites/:id',
  'PATCH /sites/:id',
  'DELETE /sites/:id',
  'POST /sites/:id/tags',
  'DELETE /sites/:id/tags',
  'DELETE /sites/:id/tags/:tag',
  'DELETE /sites/:id/sessions',
  'POST /sites/:id/secrets',
  'DELETE /sites/:id/secrets/:secret',
  'GET /sites/:id/mcp',
  'POST /sites/:id/mcp/:server/pins',
  'PUT /sites/:id/mcp/:server/secret',
  'DELETE /sites/:id/mcp/:server/secret',
  'GET /keys',
  'POST /keys',
  'DELETE /keys/:kid',
  'GET /checks',
  'POST /checks',
].map((route): Row => {
  const [method = '', path = ''] = route.split(' ');
  return {
    route: `${method} /v1/operator${path}`,
    name: 'what the operator does',
    needs: 'operator',
    call: () => ({
      path: `/v1/operator${path.replace(':id', 'docs')}`,
      method,
      origin: null,
      ...(method !== 'GET' && { body: '{}' }),
    }),
  };
});

export const ROWS: Row[] = [
  ...chatkit,
  {
    route: 'POST /v1/session',
    name: 'a visitor token of another site',
    needs: 'proof',
    // On the same site it is not a guess but the visitor's own proof.
    call: (ids, who) => ({
      path: '/v1/session',
      method: 'POST',
      bearer: who.siteToken,
      body: JSON.stringify({ visitor_token: who.site === 'docs' ? who.visitorToken : ids.visitorToken }),
    }),
  },
  {
    route: 'POST /v1/session',
    name: 'what a client says about itself',
    needs: 'proof',
    call: (ids, who) => ({
      path: `/v1/session?visitor_id=${ids.thread}&site_id=docs`,
      method: 'POST',
      bearer: who.siteToken,
      body: JSON.stringify({ visitor_id: ids.thread, owner: ids.thread, user_id: ids.thread, site_id: 'docs' }),
      headers: { 'x-user-id': ids.thread, cookie: `session=${ids.thread}` },
    }),
  },
  {
    route: 'DELETE /v1/session',
    name: 'the end of a session',
    needs: 'session',
    once: true,
    sameForOwner: true,
    call: ({ thread }) => ({ path: `/v1/session?visitor_id=${thread}`, method: 'DELETE' }),
  },
  { route: 'POST /v1/files', name: 'a file', needs: 'session', sameForOwner: true, call: () => sendForm(PNG, 'a.png') },
  upload('PUT'),
  upload('POST'),
  {
    route: 'PUT /v1/files/:id',
    name: 'the token of an upload, on another attachment',
    needs: 'proof',
    call: ({ sent, uploadToken }) => ({ path: `/v1/files/${sent}`, method: 'PUT', bearer: uploadToken, body: 'Hello' }),
  },
  {
    route: 'GET /v1/files/:id',
    name: 'a file',
    needs: 'session',
    call: ({ sent }) => ({ path: `/v1/files/${sent}`, method: 'GET' }),
  },
  {
    route: 'GET /v1/files/:id',
    name: 'the size of a file',
    needs: 'session',
    call: ({ sent }) => ({ path: `/v1/files/${sent}`, method: 'HEAD' }),
  },
  {
    route: 'GET /v1/files/:id',
    name: 'a file that has not come',
    needs: 'session',
    sameForOwner: true,
    call: ({ waiting }) => ({ path: `/v1/files/${waiting}`, method: 'GET' }),
  },
  {
    route: 'GET /v1/files/preview/:key',
    name: 'an id for a key',
    needs: 'proof',
    call: ({ sent }) => ({ path: `/v1/files/preview/${sent}`, method: 'GET' }),
  },
  open('GET /healthz', '/healthz', () => ({ path: '', method: 'GET' })),
  open('GET /readyz', '/readyz', () => ({ path: '', method: 'GET' })),
  open('ALL /*', '/nothing'),
  open('ALL /v1/session'),
  open('ALL /v1/session', '/v1/session', OPTIONS),
  open('ALL /chatkit'),
  open('ALL /chatkit', '/chatkit', OPTIONS),
  open('ALL /v1/files/*', '/v1/files/x', OPTIONS),
  open('ALL /v1/files'),
  open('ALL /v1/files/:id', '/v1/files/x'),
  open('ALL /v1/files/preview/:key', '/v1/files/preview/x'),
  ...operator,
  {
    route: 'ALL /v1/operator/*',
    name: 'what there is not',
    needs: 'operator',
    call: () => ({ path: '/v1/operator/nothing', method: 'POST', origin: null, body: '{}' }),
  },
  open('ALL /healthz'),
  open('ALL /readyz'),
];
