import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Attachment } from '../../../protocol/item.ts';
import { ORIGIN } from '../auth/make-auth.ts';
import { HTML, PNG, SVG } from '../files/sample-files.ts';
import { expectError, formWith, makeFilesClient } from './files-client.ts';

// S17, a number of files a day, comes with rate limits.

const MAX_BYTES = 10_485_760;

const { stack, token, renew, ask, get, announce, send, addForm, everything } = await makeFilesClient();
beforeEach(renew);
afterAll(() => stack.close());

const cut = (sent: Buffer | string) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(Buffer.from(sent))),
    pull: (controller) => controller.error(new Error('the connection broke')),
  });

const endless = () => {
  const state = { sent: 0 };
  const chunk = new Uint8Array(64 * 1024).fill(0x61);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.sent += chunk.length;
      controller.enqueue(chunk);
    },
  });
  return { body, state };
};

const FORM = { 'content-type': 'multipart/form-data; boundary=b' };
const part = (name: string, text: string) =>
  `--b\r\ncontent-disposition: form-data; name="${name}"; filename="a.txt"\r\n\r\n${text}\r\n`;

const refusals: [string, (made: Attachment) => Promise<Response>, number, string][] = [
  ['a wrong token', (made) => send(made, 'Hello', { authorization: `Bearer ${'x'.repeat(43)}` }), 401, 'token_invalid'],
  ['no token', (made) => send(made, 'Hello', { authorization: '' }), 401, 'token_invalid'],
  ['a session token', (made) => send(made, 'Hello', { authorization: `Bearer ${token()}` }), 401, 'token_invalid'],
  [
    'S18 the token of another upload',
    async (made) => send(made, 'Hello', (await announce('b.txt', 'text/plain')).upload_descriptor?.headers),
    401,
    'token_invalid',
  ],
  [
    'S18 a token that came too late',
    (made) => {
      stack.clock.ahead = 15 * 60 * 1000;
      return send(made, 'Hello');
    },
    401,
    'token_expired',
  ],
  ['no bytes', (made) => send(made, ''), 400, 'invalid_request'],
  ['no bytes in a form', (made) => send(made, `${part('file', '')}--b--\r\n`, FORM), 400, 'invalid_request'],
  ['half a body', (made) => send(made, cut('Hel')), 400, 'invalid_request'],
  ['half a form', (made) => send(made, cut(part('file', 'Hel').trimEnd()), FORM), 400, 'invalid_request'],
  ['a form that ends early', (made) => send(made, part('file', 'Hel').trimEnd(), FORM), 400, 'invalid_request'],
  [
    'a form without a boundary',
    (made) => send(made, 'x', { 'content-type': 'multipart/form-data' }),
    400,
    'invalid_request',
  ],
  [
    'another kind of form',
    (made) => send(made, 'x', { 'content-type': 'multipart/mixed; boundary=b' }),
    400,
    'invalid_request',
  ],
  ['a form without a file', (made) => send(made, '--b--\r\n', FORM), 400, 'invalid_request'],
  [
    'a form with two files',
    (made) => send(made, `${part('file', '1')}${part('file', '2')}--b--\r\n`, FORM),
    400,
    'invalid_request',
  ],
  ['a file in another field', (made) => send(made, `${part('files', '1')}--b--\r\n`, FORM), 400, 'invalid_request'],
  [
    'S12 a JSON that names a path',
    (made) => send(made, '{"files":[{"filepath":"/etc/passwd"}]}', FORM),
    400,
    'invalid_request',
  ],
  ['S15 one byte over', (made) => send(made, Buffer.alloc(MAX_BYTES + 1, 'a')), 413, 'body_too_large'],
  [
    'S15 one byte over, in a form',
    (made) => send(made, formWith(['file', Buffer.alloc(MAX_BYTES + 1, 'a'), 'a', ''])),
    413,
    'body_too_large',
  ],
  ['text that is not UTF-8', (made) => send(made, Buffer.from([0x61, 0xff])), 415, 'media_type_not_allowed'],
  [
    'text that is cut within a letter',
    (made) => send(made, Buffer.from('né').subarray(0, 2)),
    415,
    'media_type_not_allowed',
  ],
  ['text with NUL', (made) => send(made, Buffer.from('a\0b')), 415, 'media_type_not_allowed'],
  ['a program', (made) => send(made, Buffer.from('MZ\x90\0\x03\0\0\0')), 415, 'media_type_not_allowed'],
  ['half a picture', (made) => send(made, PNG.subarray(0, -1)), 415, 'media_type_not_allowed'],
  [
    'S19 a picture with a page behind it',
    (made) => send(made, Buffer.concat([PNG, HTML])),
    415,
    'media_type_not_allowed',
  ],
  [
    'S19 a script with the head of a picture',
    (made) => send(made, 'GIF89a/*  */=1;alert(1)'),
    415,
    'media_type_not_allowed',
  ],
  [
    'S11 a page with the head of a PDF',
    (made) => send(made, Buffer.concat([Buffer.from('%PDF-1.4\n'), HTML])),
    415,
    'media_type_not_allowed',
  ],
];

describe('an upload', () => {
  test.each(refusals)('of %s is refused, changes nothing, and can be sent again', async (_, upload, status, code) => {
    const made = await announce('notes.txt', 'text/plain');
    const other = await stack.session();
    await announce('of-another.txt', 'text/plain', 1, other);
    const before = await everything();
    const response = await upload(made);
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    await expectError(response, status, code);
    stack.clock.ahead = 0;
    const after = await everything();
    expect(after.files).toEqual(before.files);
    expect(after.rows).toEqual(expect.arrayContaining(before.rows ?? []));
    await expectError(await get(`/v1/files/${made.id}`), 404, 'not_found');
    expect((await send(made, 'Hello')).status).toBe(200);
  });

  test.each([HTML, SVG])('S13 that says it is a picture and is none is refused (%#)', async (content) => {
    await expectError(await send(await announce('a.png', 'image/png'), content), 415, 'media_type_not_allowed');
    const before = await everything();
    await expectError(await addForm(formWith(['file', content, 'a.png', 'image/png'])), 415, 'media_type_not_allowed');
    expect(await everything()).toEqual(before);
  });

  test('S15 of 10 MB is taken, and one without end is cut off', async () => {
    const made = await announce('big.txt', 'text/plain', MAX_BYTES);
    expect((await send(made, Buffer.alloc(MAX_BYTES, 'a'))).status).toBe(200);
    const { body, state } = endless();
    await expectError(await send(await announce('b.txt', 'text/plain'), body), 413, 'body_too_large');
    expect(state.sent).toBeLessThan(MAX_BYTES + 1024 * 1024);
  });

  test('of an unknown attachment answers as one with a wrong token', async () => {
    const made = await announce('a.txt', 'text/plain');
    const wrong = { authorization: `Bearer ${'x'.repeat(43)}` };
    const [known, unknown] = [await send(made, 'Hello', wrong), await send(unknownOf(made), 'Hello')];
    expect(unknown.status).toBe(401);
    expect(await unknown.text()).toBe(await known.text());
  });

  test('works once: a second one leaves the first as it is', async () => {
    const made = await announce('a.txt', 'text/plain');
    await send(made, 'first');
    const before = await everything();
    await expectError(await send(made, 'second'), 409, 'not_pending');
    expect(await everything()).toEqual(before);
    expect(await (await get(`/v1/files/${made.id}`)).text()).toBe('first');
  });

  test('that is sent again while it still arrives is cut, and the second one counts', async () => {
    const made = await announce('a.txt', 'text/plain');
    const first = send(made, new ReadableStream({ start: (body) => body.enqueue(Buffer.from('stuck')) }));
    await vi.waitFor(async () => expect((await everything()).files.join('\n')).toContain('arriving'));
    expect((await send(made, 'Hello')).status).toBe(200);
    await expectError(await first, 400, 'invalid_request');
    expect(await (await get(`/v1/files/${made.id}`)).text()).toBe('Hello');
    expect((await everything()).files.filter((path) => path.includes('arriving'))).toEqual([]);
  });

  test('whose attachment is deleted meanwhile leaves nothing', async () => {
    const made = await announce('a.txt', 'text/plain');
    const before = await everything();
    const upload = send(
      made,
      new ReadableStream<Uint8Array>({
        async pull(controller) {
          await ask({ type: 'attachments.delete', params: { attachment_id: made.id } });
          controller.enqueue(new Uint8Array(Buffer.from('Hello')));
          controller.close();
        },
      }),
    );
    await expectError(await upload, 404, 'not_found');
    expect((await everything()).files).toEqual(before.files);
  });

  test('keeps its token to itself: only a hash is stored', async () => {
    const made = await announce('a.txt', 'text/plain');
    const secret = made.upload_descriptor?.headers['authorization']?.slice('Bearer '.length) ?? '';
    expect(secret).toHaveLength(43);
    const [rows] = await stack.db.read([{ sql: 'SELECT body FROM attachments WHERE id = ?', args: [made.id] }]);
    expect(String(rows?.rows[0]?.['body'])).toContain('token_hash');
    expect(String(rows?.rows[0]?.['body'])).not.toContain(secret);
  });
});

const unknownOf = ({ id, ...made }: Attachment): Attachment => {
  const { url = '', method = 'PUT', headers = {} } = made.upload_descriptor ?? {};
  const other = `atc_${'0'.repeat(32)}`;
  return { ...made, id: other, upload_descriptor: { url: url.replace(id, other), method, headers } };
};

describe('announcing', () => {
  test.each<[string, { name: string; size: number; mime_type: string }, number, string]>([
    ['one byte over', { name: 'a.png', size: MAX_BYTES + 1, mime_type: 'image/png' }, 413, 'body_too_large'],
    ['an empty file', { name: 'a.png', size: 0, mime_type: 'image/png' }, 400, 'invalid_request'],
    ['less than nothing', { name: 'a.png', size: -1, mime_type: 'image/png' }, 400, 'invalid_request'],
    ['an SVG', { name: 'a.svg', size: 1, mime_type: 'image/svg+xml' }, 415, 'media_type_not_allowed'],
    [
      'an SVG named as a picture',
      { name: 'a.png', size: 1, mime_type: 'image/svg+xml' },
      415,
      'media_type_not_allowed',
    ],
    ['a page named as a text', { name: 'a.txt', size: 1, mime_type: 'text/html' }, 415, 'media_type_not_allowed'],
    ['nothing that is known', { name: 'a', size: 1, mime_type: '' }, 415, 'media_type_not_allowed'],
    ['a word of Object', { name: 'a', size: 1, mime_type: 'constructor' }, 415, 'media_type_not_allowed'],
    ['a name with NUL', { name: 'a\0.png', size: 1, mime_type: 'image/png' }, 400, 'invalid_request'],
  ])('%s is refused, and nothing is kept', async (_, params, status, code) => {
    const before = await everything();
    await expectError(await ask({ type: 'attachments.create', params }), status, code);
    expect(await everything()).toEqual(before);
  });

  test('is bounded by what waits to be sent, and by nobody else’s', async () => {
    const params = { name: 'a.txt', size: 1, mime_type: 'text/plain' };
    const made = await Promise.all(Array.from({ length: 25 }, () => ask({ type: 'attachments.create', params })));
    expect(made.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = made.find(({ status }) => status !== 200);
    await expectError(refused ?? new Response(), 409, 'attachment_not_uploaded');
    await expectError(await addForm(formWith(['file', PNG, 'a.png', 'image/png'])), 409, 'attachment_not_uploaded');
    await announce('b.txt', 'text/plain', 1, await stack.session());
    const first = (await made.find(({ status }) => status === 200)?.json()) as Attachment;
    await ask({ type: 'attachments.delete', params: { attachment_id: first.id } });
    await announce('again.txt', 'text/plain');
  });
});

const form = () => formWith(['file', PNG, 'a.png', 'image/png']);

describe('one phase', () => {
  test.each<[string, () => Promise<Response>, number, string]>([
    ['no token', () => addForm(form(), ''), 401, 'session_token_missing'],
    ['a token that is none', () => addForm(form(), 'x'), 401, 'token_invalid'],
    ['another origin', () => addForm(form(), token(), { origin: 'https://evil.example' }), 403, 'origin_not_allowed'],
    ['a body that is no form', () => addForm('x', token(), { 'content-type': 'image/png' }), 400, 'invalid_request'],
    ['two files', () => addForm(formWith(['file', PNG, 'a', ''], ['file', PNG, 'b', ''])), 400, 'invalid_request'],
    [
      'a type that is not taken',
      () => addForm(formWith(['file', HTML, 'a.html', 'text/html'])),
      415,
      'media_type_not_allowed',
    ],
  ])('with %s is refused, and nothing is kept', async (_, upload, status, code) => {
    const before = await everything();
    await expectError(await upload(), status, code);
    expect(await everything()).toEqual(before);
  });
});

test('a disk that takes no file is reported, and forgotten once it does', async () => {
  const made = await announce('a.txt', 'text/plain');
  await rm(join(stack.filesDirectory, 'arriving'), { recursive: true, force: true });
  await writeFile(join(stack.filesDirectory, 'arriving'), 'in the way');
  await expectError(await send(made, 'Hello'), 503, 'storage_unavailable');
  expect(stack.logged).toHaveLength(1);
  await rm(join(stack.filesDirectory, 'arriving'));
  expect((await send(made, 'Hello')).status).toBe(200);
});

test('a fault is logged by its route, which has no key in it', async () => {
  const other = await makeFilesClient();
  await other.stack.db.close();
  const response = await Promise.resolve(other.stack.app.request('/v1/files/preview/secret-key'));
  await expectError(response, 503, 'storage_unavailable');
  expect(other.stack.logged.map(({ fields }) => fields.route)).toEqual(['/v1/files/preview/:key']);
  await other.stack.close();
});
