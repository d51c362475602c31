import { readdir } from 'node:fs/promises';
import { expect } from 'vitest';
import type { Attachment } from '../../../protocol/item.ts';
import { ORIGIN } from '../auth/make-auth.ts';
import { CREATE } from '../chatkit/scripted-server.ts';
import { makeApp } from '../make-app.ts';

type Body = Buffer | string | FormData | ReadableStream<Uint8Array>;

/** The server with a visitor at it who has files; `renew` makes it another visitor, on a clock set right again. */
export async function makeFilesClient() {
  const stack = await makeApp(async function* () {});
  let token = '';

  const ask = (body: unknown, session = token) => stack.post('/chatkit', session, body);

  const get = (path: string, session: string | undefined = token, method = 'GET') =>
    Promise.resolve(
      stack.app.request(path, {
        method,
        headers: { origin: ORIGIN, ...(session !== undefined && { authorization: `Bearer ${session}` }) },
      }),
    );

  async function announce(name: string, mime_type: string, size = 10, session = token): Promise<Attachment> {
    const response = await ask({ type: 'attachments.create', params: { name, size, mime_type } }, session);
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()) as Attachment;
  }

  /** As a browser does what an upload descriptor says; `changes` replace headers. */
  function send(attachment: Attachment, body: Body, changes: Record<string, string> = {}, method?: string) {
    const { url, method: asked, headers } = attachment.upload_descriptor ?? { url: '', method: 'PUT', headers: {} };
    return request(new URL(url).pathname, method ?? asked, body, { ...headers, ...changes });
  }

  const addForm = (form: Body, session = token, headers: Record<string, string> = {}) =>
    request('/v1/files', 'POST', form, { ...(session && { authorization: `Bearer ${session}` }), ...headers });

  async function request(path: string, method: string, body: Body, headers: Record<string, string>): Promise<Response> {
    // Encoded here: a form that is left unread half-way makes the encoder throw where nobody can catch it.
    const form = body instanceof FormData ? new Response(body) : undefined;
    return stack.app.request(path, {
      method,
      headers: { origin: ORIGIN, ...(form && { 'content-type': form.headers.get('content-type') ?? '' }), ...headers },
      body: form ? await form.arrayBuffer() : Buffer.isBuffer(body) ? new Uint8Array(body) : (body as string),
      duplex: 'half',
    } as RequestInit);
  }

  async function add(content: Buffer, name: string, type: string): Promise<Attachment> {
    const response = await addForm(formWith(['file', content, name, type]));
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()) as Attachment;
  }

  /** What the disk and the database hold of attachments. */
  async function everything() {
    const [rows] = await stack.db.read([{ sql: 'SELECT body FROM attachments ORDER BY id', args: [] }]);
    const names = await readdir(stack.filesDirectory, { recursive: true, withFileTypes: true }).catch(() => []);
    return {
      files: names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`),
      rows: rows?.rows.map(({ body }) => JSON.parse(String(body)) as Attachment),
    };
  }

  return {
    stack,
    token: () => token,
    renew: async () => {
      stack.clock.ahead = 0;
      stack.logged.length = 0;
      token = await stack.session();
    },
    ask,
    get,
    announce,
    send,
    addForm,
    add,
    everything,
  };
}

export function formWith(...files: [field: string, bytes: Buffer, name: string, type: string][]): FormData {
  const form = new FormData();
  for (const [field, content, name, type] of files)
    form.append(field, new File([new Uint8Array(content)], name, { type }));
  return form;
}

export async function expectError(response: Response, status: number, code: string): Promise<void> {
  expect(await response.json()).toEqual({ error: { code, message: expect.any(String) as string } });
  expect(response.status).toBe(status);
}

export const withFiles = (attachments: string[]) => ({
  ...CREATE,
  params: { input: { ...CREATE.params.input, attachments } },
});
