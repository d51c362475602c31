import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Attachment } from '../../../protocol/item.ts';
import { ORIGIN } from '../auth/make-auth.ts';
import { GIF, JPEG, PDF, PNG, WEBP } from '../files/sample-files.ts';
import { PUBLIC_URL } from '../make-app.ts';
import { expectError, formWith, makeFilesClient, withFiles } from './files-client.ts';

const { stack, token, renew, ask, get, announce, send, add, everything } = await makeFilesClient();
beforeEach(renew);
afterAll(() => stack.close());

describe('an upload in two phases', () => {
  test.each<[string, (attachment: Attachment) => Promise<Response>]>([
    ['the bytes, as PUT', (made) => send(made, Buffer.from('Hello'))],
    ['the bytes, as POST', (made) => send(made, Buffer.from('Hello'), {}, 'POST')],
    ['a form', (made) => send(made, formWith(['file', Buffer.from('Hello'), 'x.bin', 'image/png']), {}, 'POST')],
    ['a form, as PUT', (made) => send(made, formWith(['file', Buffer.from('Hello'), 'x.bin', '']))],
  ])('takes %s, and the file comes back to its owner', async (_, upload) => {
    const made = await announce('notes.txt', 'text/plain', 5);
    expect(made).toEqual({
      type: 'file',
      id: expect.stringMatching(/^atc_[0-9a-f]{32}$/) as string,
      name: 'notes.txt',
      mime_type: 'text/plain',
      upload_descriptor: {
        url: `${PUBLIC_URL}/v1/files/${made.id}`,
        method: 'PUT',
        headers: { authorization: expect.stringMatching(/^Bearer [\w-]{43}$/) as string },
      },
    });
    const response = await upload(made);
    expect(await response.json()).toEqual({ type: 'file', id: made.id, name: 'notes.txt', mime_type: 'text/plain' });
    const served = await get(`/v1/files/${made.id}`);
    expect(served.status).toBe(200);
    expect(await served.text()).toBe('Hello');
    expect(Object.fromEntries(served.headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'cache-control': 'no-store',
      'content-disposition': "attachment; filename*=UTF-8''notes.txt",
      'content-length': '5',
      'content-security-policy': "sandbox; default-src 'none'",
      'content-type': 'text/plain; charset=utf-8',
      vary: 'Origin',
      'x-content-type-options': 'nosniff',
    });
  });
});

describe('an upload in one phase', () => {
  test.each<[string, Buffer, string, string]>([
    ['PNG', PNG, 'a.png', 'image/png'],
    ['JPEG', JPEG, 'a.jpg', 'image/jpeg'],
    ['GIF', GIF, 'a.gif', 'image/gif'],
    ['WebP', WEBP, 'a.webp', 'image/webp'],
  ])('takes %s, with a preview that needs no token', async (_, content, name, type) => {
    const made = await add(content, name, type);
    expect(made).toEqual({
      type: 'image',
      id: expect.stringMatching(/^atc_[0-9a-f]{32}$/) as string,
      name,
      mime_type: type,
      preview_url: expect.stringMatching(/^http:\/\/localhost:8787\/v1\/files\/preview\/[\w-]{43}$/) as string,
    });
    const path = new URL(made.type === 'image' ? made.preview_url : '').pathname;
    expect(path).not.toContain(made.id);
    const preview = await stack.app.request(path);
    expect(Buffer.from(await preview.arrayBuffer())).toEqual(content);
    expect(Object.fromEntries(preview.headers)).toEqual({
      'cache-control': 'private',
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'content-length': String(content.length),
      'content-security-policy': "sandbox; default-src 'none'",
      'content-type': type,
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin',
      'x-content-type-options': 'nosniff',
    });
  });

  test.each<[string, Buffer, string, string, string]>([
    ['PDF', PDF, 'a.pdf', 'application/pdf', 'application/pdf'],
    ['a PDF that is called a text', PDF, 'a.txt', 'text/plain', 'application/pdf'],
    ['Markdown that nobody knows', Buffer.from('# Hi'), 'a.MD', '', 'text/markdown'],
    ['CSV as Windows calls it', Buffer.from('a,b'), 'a.csv', 'application/vnd.ms-excel', 'text/csv'],
    ['JSON', Buffer.from('{}'), 'a.json', 'application/json; charset=utf-8', 'application/json'],
    ['a text that begins like a bitmap', Buffer.from('BMW or Škoda? 日本語'), 'a.txt', 'text/plain', 'text/plain'],
  ])('takes %s, and its bytes say what it is', async (_, content, name, type, mime_type) => {
    const made = await add(content, name, type);
    expect(made).toEqual({ type: 'file', id: made.id, name, mime_type });
    const served = await get(`/v1/files/${made.id}`);
    expect(Buffer.from(await served.arrayBuffer())).toEqual(content);
  });

  test('takes a picture that was announced as a text for what it is', async () => {
    const made = await announce('a.txt', 'text/plain');
    const sent = (await (await send(made, PNG)).json()) as Attachment;
    expect(sent).toMatchObject({ type: 'image', mime_type: 'image/png' });
    expect((await stack.app.request(new URL(sent.type === 'image' ? sent.preview_url : '').pathname)).status).toBe(200);
  });

  test('takes a text that was announced as one only: a picture has to be one', async () => {
    const made = await announce('a.png', 'image/png');
    await expectError(await send(made, Buffer.from('just text')), 415, 'media_type_not_allowed');
    const path = new URL(made.type === 'image' ? made.preview_url : '').pathname;
    await expectError(await Promise.resolve(stack.app.request(path)), 404, 'not_found');
  });

  test.each([
    ['../../etc/passwd.txt', 'passwd.txt', 'passwd.txt'],
    ['C:\\docs\\a\u0000b\n.txt', 'ab.txt', 'ab.txt'],
    ['\u202egpj.txt', 'gpj.txt', 'gpj.txt'],
    [`"it's"; filename=x.txt`, `"it's"; filename=x.txt`, '%22it%27s%22%3B%20filename%3Dx.txt'],
  ])('shows the name %j as %j, and sends it so', async (given, shown, sent) => {
    const made = await add(Buffer.from('Hello'), given, 'text/plain');
    expect(made.name).toBe(shown);
    const served = await get(`/v1/files/${made.id}`);
    expect(served.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${sent}`);
  });
});

describe('a file', () => {
  test('of another visitor is byte for byte as one that is not there', async () => {
    const made = await add(PNG, 'a.png', 'image/png');
    const stranger = await stack.session();
    const [foreign, missing] = [await get(`/v1/files/${made.id}`, stranger), await get('/v1/files/atc_none', stranger)];
    expect(foreign.status).toBe(404);
    expect(Object.fromEntries(foreign.headers)).toEqual(Object.fromEntries(missing.headers));
    expect(await foreign.text()).toBe(await missing.text());
    await expectError(await get(`/v1/files/${made.id}`, ''), 401, 'session_token_missing');
  });

  test('is not deleted by another visitor, and is by its own', async () => {
    const made = await add(PNG, 'a.png', 'image/png');
    const request = { type: 'attachments.delete', params: { attachment_id: made.id } };
    expect(await (await ask(request, await stack.session())).json()).toEqual({});
    expect((await get(`/v1/files/${made.id}`)).status).toBe(200);
    const before = await everything();
    expect(await (await ask(request)).json()).toEqual({});
    await expectError(await get(`/v1/files/${made.id}`), 404, 'not_found');
    expect((await everything()).files).toHaveLength(before.files.length - 1);
  });

  test('goes with the thread that it was sent to, its preview too', async () => {
    const made = await add(PNG, 'a.png', 'image/png');
    const preview = new URL(made.type === 'image' ? made.preview_url : '').pathname;
    const events = await (await ask(withFiles([made.id]))).text();
    const threadId = /"thread_id":"(thr_\w+)"/.exec(events)?.[1] ?? '';
    expect(events).toContain(`"attachments":[{"id":"${made.id}"`);
    expect(events).not.toContain('preview_key');
    expect((await get(`/v1/files/${made.id}`)).status).toBe(200);
    const before = await everything();
    await ask({ type: 'threads.delete', params: { thread_id: threadId } });
    await expectError(await get(`/v1/files/${made.id}`), 404, 'not_found');
    await expectError(await get(preview), 404, 'not_found');
    expect((await everything()).files).toHaveLength(before.files.length - 1);
  });

  test('that was not uploaded cannot be sent, and more than five cannot either', async () => {
    const made = await announce('a.txt', 'text/plain');
    await expectError(await ask(withFiles([made.id])), 409, 'attachment_not_uploaded');
    const six = await Promise.all(Array.from({ length: 6 }, () => add(PNG, 'a.png', 'image/png')));
    await expectError(await ask(withFiles(six.map(({ id }) => id))), 400, 'invalid_request');
    expect((await ask(withFiles(six.slice(1).map(({ id }) => id)))).status).toBe(200);
  });

  test('answers HEAD, and no other method', async () => {
    const made = await add(PNG, 'a.png', 'image/png');
    const head = await get(`/v1/files/${made.id}`, token(), 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(PNG.length));
    expect(await head.text()).toBe('');
    const response = await get(`/v1/files/${made.id}`, token(), 'DELETE');
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST, PUT, OPTIONS');
    await expectError(response, 405, 'method_not_allowed');
  });

  test('has no preview under an address that nobody was given', async () => {
    await add(PNG, 'a.png', 'image/png');
    for (const key of ['x', '%27%20OR%201=1', 'null', 'undefined'])
      await expectError(await get(`/v1/files/preview/${key}`), 404, 'not_found');
  });
});

test('what was never sent goes after a day, what was sent stays', async () => {
  const unsent = await add(PNG, 'a.png', 'image/png');
  const sent = await add(GIF, 'a.gif', 'image/gif');
  await (await ask(withFiles([sent.id]))).text();
  stack.clock.ahead = 23 * 60 * 60 * 1000;
  await stack.files.sweep();
  expect((await get(`/v1/files/${unsent.id}`)).status).toBe(200);
  stack.clock.ahead = 25 * 60 * 60 * 1000;
  await stack.files.sweep();
  await expectError(await get(`/v1/files/${unsent.id}`), 404, 'not_found');
  expect((await get(`/v1/files/${sent.id}`)).status).toBe(200);
});

test.each(['/v1/files', '/v1/files/atc_1', '/v1/files/preview/x'])('a preflight of %s', async (path) => {
  const init = { method: 'OPTIONS', headers: { origin: ORIGIN, 'access-control-request-method': 'PUT' } };
  const response = await stack.app.request(path, init);
  expect(response.status).toBe(204);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-methods': 'GET, POST, PUT',
    'access-control-allow-headers': 'authorization, content-type, accept-language, chatkit-frame-instance-id',
  });
});
