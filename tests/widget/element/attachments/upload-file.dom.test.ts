import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { uploadFile } from '../../../../widget/element/attachments/upload-file.ts';
import { createApiClient } from '../../../../widget/element/transport/api-client.ts';

const FILE = new File(['# Notes'], 'notes.md', { type: 'text/markdown' });
const MADE = { type: 'file', id: 'atc_1', name: 'notes.md', mime_type: 'text/markdown' };
const descriptor = { url: 'https://storage.example/put?sig=1', method: 'PUT', headers: { 'x-amz-acl': 'private' } };

interface Call {
  by: 'host' | 'page';
  url: string;
  init: RequestInit;
}
let calls: Call[];
/** What each address answers; 204 without one. */
let answers: Record<string, () => Response | Promise<Response>>;

function respond(by: Call['by']): typeof fetch {
  return async (input, init = {}) => {
    const url = input as string;
    calls.push({ by, url, init });
    init.signal?.throwIfAborted();
    const type = typeof init.body === 'string' ? (JSON.parse(init.body) as { type: string }).type : '';
    return (answers[type] ?? answers[url])?.() ?? new Response(null, { status: 204 });
  };
}

beforeEach(() => {
  calls = [];
  answers = { 'attachments.create': () => Response.json(MADE), 'attachments.delete': () => Response.json({}) };
  vi.stubGlobal('fetch', respond('page'));
});
afterEach(() => void vi.unstubAllGlobals());

function upload(uploadUrl?: string, abort = new AbortController()) {
  const endpoint = { url: 'https://chat.example/chatkit', fetch: respond('host'), locale: 'de', uploadUrl };
  return uploadFile(
    createApiClient(() => endpoint),
    FILE,
    abort.signal,
  );
}
const told = () => calls.map(({ by, url, init }) => `${by} ${init.method} ${url}`);
const formOf = (index: number) => calls[index]?.init.body as FormData;
const jsonOf = (index: number): unknown => JSON.parse(calls[index]?.init.body as string);
const created = (more: object) => () => Response.json({ ...MADE, ...more });

// Shows 108.
test('in two phases: asks the server for an address, and puts the bytes there without the headers of the host', async () => {
  answers['attachments.create'] = created({ upload_descriptor: descriptor });
  await expect(upload()).resolves.toMatchObject(MADE);
  expect(told()).toEqual(['host POST https://chat.example/chatkit', 'page PUT https://storage.example/put?sig=1']);
  expect(jsonOf(0)).toEqual({
    type: 'attachments.create',
    params: { name: 'notes.md', size: 7, mime_type: 'text/markdown' },
  });
  expect(calls[1]?.init).toMatchObject({ headers: { 'x-amz-acl': 'private' }, body: FILE });
});

test.each([
  ['a descriptor', { upload_descriptor: { url: 'https://storage.example/post', method: 'POST', headers: {} } }],
  ['the address of older servers', { upload_url: 'https://storage.example/post' }],
])('posts a form with the one field `file` to %s', async (_name, more) => {
  answers['attachments.create'] = created(more);
  await upload();
  expect(told()[1]).toBe('page POST https://storage.example/post');
  const form = formOf(1);
  expect([...form.keys()]).toEqual(['file']);
  expect((form.get('file') as File).name).toBe('notes.md');
  // The browser writes the boundary into it.
  expect(new Headers(calls[1]?.init.headers).has('content-type')).toBe(false);
});

// Shows 64.
test('directly: posts the form through the fetch of the host', async () => {
  answers['https://chat.example/files'] = () => Response.json(MADE);
  await expect(upload('https://chat.example/files')).resolves.toEqual(MADE);
  expect(told()).toEqual(['host POST https://chat.example/files']);
  expect(calls[0]?.init.headers).toEqual({ Accept: 'application/json', 'Accept-Language': 'de' });
  expect(formOf(0).get('file')).toMatchObject({ name: 'notes.md' });
});

test('deletes what a failed upload has left on the server', async () => {
  answers['attachments.create'] = created({ upload_descriptor: descriptor });
  answers[descriptor.url] = () => Response.json({ error: { code: 'body_too_large', message: '' } }, { status: 413 });
  await expect(upload()).rejects.toMatchObject({ status: 413, code: 'body_too_large' });
  expect(jsonOf(2)).toEqual({ type: 'attachments.delete', params: { attachment_id: 'atc_1' } });
});

test('deletes it after an abort too, also when the fetch of a host ignores the signal', async () => {
  const abort = new AbortController();
  answers['https://chat.example/files'] = () => {
    abort.abort();
    return Response.json(MADE);
  };
  await expect(upload('https://chat.example/files', abort)).rejects.toMatchObject({ name: 'AbortError' });
  expect(jsonOf(1)).toMatchObject({ params: { attachment_id: 'atc_1' } });
});

test('has nothing to delete when the server refused to make one', async () => {
  answers['attachments.create'] = () =>
    Response.json({ error: { code: 'media_type_not_allowed', message: '' } }, { status: 415 });
  await expect(upload()).rejects.toMatchObject({ status: 415 });
  expect(calls).toHaveLength(1);
});
