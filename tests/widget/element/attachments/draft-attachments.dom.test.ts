import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Attachment } from '../../../../protocol/item.ts';
import { readAttachmentLimits } from '../../../../widget/element/attachment-limits.ts';
import type { DraftAttachments } from '../../../../widget/element/attachments/draft-attachments.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { RequestFailure } from '../../../../widget/element/transport/request-failure.ts';
import { createScriptedChat, type ScriptedChat } from '../state/scripted-chat.ts';

const LIMITS = readAttachmentLimits({ enabled: true, maxSize: 8, maxCount: 2, accept: { 'text/plain': ['.txt'] } });
const text = (name: string, content = 'Hello') => new File([content], name, { type: 'text/plain' });
const made = (name: string): Attachment => ({ type: 'file', id: `atc_${name}`, name, mime_type: 'text/plain' });

/** Each upload that has reached the storage, by the name of its file; the test ends it. */
let uploads: Map<string, { signal: AbortSignal; respond: (status: number) => void }>;
let script: ScriptedChat;

beforeEach(() => {
  uploads = new Map();
  script = createScriptedChat();
  script.answers['attachments.create'] = ({ params }: { params: { name: string } }) => ({
    ...made(params.name),
    upload_descriptor: { url: `https://storage.example/${params.name}`, method: 'PUT', headers: {} },
  });
  vi.stubGlobal('fetch', (url: string, { signal }: { signal: AbortSignal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    const respond = (status: number) => resolve(new Response(null, { status }));
    uploads.set(url.replace('https://storage.example/', ''), { signal, respond });
    return promise;
  });
});
afterEach(() => void vi.unstubAllGlobals());

const change = (use: (attachments: DraftAttachments) => void) => script.chat.changeAttachments(use);
const statuses = () => script.chat.state.get().attachments.map(({ name, status }) => `${name} ${status}`);
const note = () => script.chat.state.get().note?.(en, 'en');
const keyOf = (index: number) => script.chat.state.get().attachments[index]?.key ?? '';
const errors = () => script.heard.filter(([name]) => name === 'chatkit.error');
const sent = () => script.requests.filter(({ type }) => type === 'threads.create');
const deleted = () =>
  script.requests.flatMap((request) => (request.type === 'attachments.delete' ? request.params.attachment_id : []));
const until = (expectation: () => void) => vi.waitFor(expectation, { interval: 1 });

/** Adds files and waits until those that are taken are on their way. */
async function add(...files: File[]): Promise<void> {
  await change((attachments) => LIMITS && attachments.add(files, LIMITS));
  await until(() => {
    for (const { name, status } of script.chat.state.get().attachments)
      if (status === 'uploading') expect(uploads.has(name)).toBe(true);
  });
}

async function end(name: string, status: number): Promise<void> {
  uploads.get(name)?.respond(status);
  await until(() => expect(statuses()).not.toContain(`${name} uploading`));
}

test('uploads what it takes, and sends the ids alone', async () => {
  await add(text('a.txt'), text('b.txt'));
  expect(statuses()).toEqual(['a.txt uploading', 'b.txt uploading']);
  await end('b.txt', 204);
  await end('a.txt', 200);
  expect(statuses()).toEqual(['a.txt ready', 'b.txt ready']);
  script.chat.sendDraft();
  expect(script.chat.state.get().pending?.attachments).toMatchObject([made('a.txt'), made('b.txt')]);
  expect(statuses()).toEqual([]);
  expect(sent()).toMatchObject([{ params: { input: { content: [], attachments: ['atc_a.txt', 'atc_b.txt'] } } }]);
});

// Shows 103.
test('sends nothing while a file is on its way or has failed', async () => {
  script.chat.setDraft('Read this');
  await add(text('a.txt'));
  script.chat.sendDraft();
  await end('a.txt', 500);
  script.chat.sendDraft();
  expect(sent()).toEqual([]);
  expect([script.chat.state.get().draft, statuses()]).toEqual(['Read this', ['a.txt failed']]);
  expect(note()).toBe('“a.txt” could not be uploaded.');
  expect(errors()).toHaveLength(1);
  expect(deleted()).toEqual(['atc_a.txt']);
  uploads.clear();
  await change((attachments) => attachments.retry(keyOf(0)));
  expect([note(), statuses()]).toEqual([undefined, ['a.txt uploading']]);
  await until(() => expect(uploads.size).toBe(1));
  await end('a.txt', 200);
  script.chat.sendDraft();
  expect(sent()).toHaveLength(1);
});

test('says of a file that the server looked into and refused, that it is of the wrong type', async () => {
  await add(text('a.txt'));
  await end('a.txt', 415);
  expect(note()).toBe('“a.txt” is of a type that is not accepted here.');
});

test('takes what fits, and says why of the first that does not', async () => {
  await add(text('a.txt'), text('big.txt', 'more than eight'), new File([], 'x.html', { type: 'text/html' }));
  expect(statuses()).toEqual(['a.txt uploading']);
  expect(note()).toBe('“big.txt” is larger than 1 kB.');
  await add(text('b.txt'), text('c.txt'));
  expect(statuses()).toEqual(['a.txt uploading', 'b.txt uploading']);
  expect(note()).toBe('A message can have at most 2 files.');
  await add();
  expect(note()).toBe('Folders are not accepted.');
  expect([...uploads.keys()]).toEqual(['a.txt', 'b.txt']);
});

test('removing ends a running upload, and deletes what is on the server', async () => {
  await add(text('a.txt'), text('b.txt'));
  await end('a.txt', 200);
  await change((attachments) => attachments.remove(keyOf(1)));
  expect(uploads.get('b.txt')?.signal.aborted).toBe(true);
  await change((attachments) => attachments.remove(keyOf(0)));
  await until(() => expect(deleted().toSorted()).toEqual(['atc_a.txt', 'atc_b.txt']));
  expect([statuses(), note(), errors()]).toEqual([[], undefined, []]);
});

test('a refused message comes back with its files, ahead of those added since', async () => {
  await add(text('a.txt'));
  await end('a.txt', 200);
  script.chat.setDraft('Read this');
  script.streams.push([{ fail: new RequestFailure(503) }]);
  script.chat.sendDraft();
  await add(text('b.txt'));
  await until(() => expect(statuses()).toEqual(['a.txt ready', 'b.txt uploading']));
  expect(script.chat.state.get().draft).toBe('Read this');
});

// Shows 8.
test('an element that leaves the document ends its uploads; they can be tried again', async () => {
  await add(text('a.txt'));
  script.chat.dispose();
  await until(() => expect(statuses()).toEqual(['a.txt failed']));
  expect(uploads.get('a.txt')?.signal.aborted).toBe(true);
  expect([note(), errors()]).toEqual([undefined, []]);
});

test('a host can put its own attachments in place of all', async () => {
  await add(text('a.txt'));
  await change((attachments) => attachments.replace([made('host.txt')]));
  expect(uploads.get('a.txt')?.signal.aborted).toBe(true);
  await change((attachments) => attachments.replace([made('host.txt')]));
  expect(statuses()).toEqual(['host.txt ready']);
  await until(() => expect(deleted()).toEqual(['atc_a.txt']));
});
