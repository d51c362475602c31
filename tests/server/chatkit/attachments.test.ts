import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { UserMessageItem } from '../../../protocol/item.ts';
import type { StoredAttachment } from '../../../server/chatkit/store.ts';
import { makeContext } from '../../contract/store.ts';
import { addMessage, CREATE, makeServer } from './scripted-server.ts';

const silent = async function* (): AsyncGenerator<ThreadStreamEvent> {};

const file: StoredAttachment = {
  type: 'file',
  id: 'atc_1',
  name: 'a.txt',
  mime_type: 'text/plain',
  metadata: { secret: 1 },
};
const shown = { type: 'file', id: 'atc_1', name: 'a.txt', mime_type: 'text/plain' };

const withFiles = (request: { type: string; params: object }, ...attachments: string[]) => ({
  ...request,
  params: { ...request.params, input: { ...CREATE.params.input, attachments } },
});

function makeFileServer() {
  const deleted: string[] = [];
  const server = makeServer(silent, {
    attachmentStore: {
      createAttachment: async (_context, { name, mime_type }) => ({ ...file, name, mime_type }),
      async deleteAttachment(_context, id) {
        deleted.push(id);
      },
    },
  });
  return { ...server, deleted };
}

describe('an attachment', () => {
  test('is made by its store, kept, and answered without what is the server’s own', async () => {
    const server = makeFileServer();
    const params = { name: 'b.txt', size: 3, mime_type: 'text/plain' };
    expect(await server.json({ type: 'attachments.create', params })).toEqual({ ...shown, name: 'b.txt' });
    expect(await server.store.loadAttachment(server.context, 'atc_1')).toEqual({ ...file, name: 'b.txt' });
  });

  test('of a message goes with its thread, named once however often it is given', async () => {
    const server = makeFileServer();
    await server.seed('thr_f');
    await server.store.saveAttachment(server.context, file);
    const events = await server.events(withFiles(addMessage('thr_f'), 'atc_1', 'atc_1'));
    const [item] = (await server.items('thr_f')) as UserMessageItem[];
    expect(item?.attachments).toEqual([{ ...shown, thread_id: 'thr_f' }]);
    expect(events[0]).toEqual({ type: 'thread.item.done', item });
    expect(await server.store.loadAttachment(server.context, 'atc_1')).toEqual({ ...file, thread_id: 'thr_f' });
  });

  test('of a first message is saved with it and its thread, in one write', async () => {
    const server = makeFileServer();
    await server.store.saveAttachment(server.context, file);
    server.writes.length = 0;
    await server.events(withFiles(CREATE, 'atc_1'));
    expect(server.writes).toEqual(['thread -', 'attachment atc_1', 'item user_message']);
    expect(await server.store.loadAttachment(server.context, 'atc_1')).toMatchObject({
      thread_id: expect.stringMatching(/^thr_/) as string,
    });
  });

  test('goes when its thread goes, its bytes too', async () => {
    const server = makeFileServer();
    await server.seed('thr_f');
    await server.store.saveAttachment(server.context, file);
    await server.events(withFiles(addMessage('thr_f'), 'atc_1'));
    await server.json({ type: 'threads.delete', params: { thread_id: 'thr_f' } });
    expect(server.deleted).toEqual(['atc_1']);
    expect(await server.store.loadAttachment(server.context, 'atc_1')).toBeUndefined();
  });

  test('can be deleted before it is sent', async () => {
    const server = makeFileServer();
    await server.store.saveAttachment(server.context, file);
    expect(await server.json({ type: 'attachments.delete', params: { attachment_id: 'atc_1' } })).toEqual({});
    expect(server.deleted).toEqual(['atc_1']);
    expect(await server.store.loadAttachment(server.context, 'atc_1')).toBeUndefined();
  });

  test.each<[string, Partial<StoredAttachment>, string]>([
    ['unknown', { id: 'atc_other' }, 'not_found'],
    ['of another thread', { thread_id: 'thr_g' }, 'invalid_request'],
  ])('that is %s is refused and changes nothing', async (_, change, code) => {
    const server = makeFileServer();
    await server.seed('thr_f');
    await server.seed('thr_g');
    await server.store.saveAttachment(server.context, { ...file, id: 'atc_good' });
    await server.store.saveAttachment(server.context, { ...file, ...change } as StoredAttachment);
    server.writes.length = 0;
    for (const request of [CREATE, addMessage('thr_f')])
      await expect(server.turn(withFiles(request, 'atc_good', 'atc_1'))).rejects.toMatchObject({ code });
    expect(server.writes).toEqual([]);
  });

  test('of another owner is as one that is not there', async () => {
    const server = makeFileServer();
    await server.store.saveAttachment(makeContext(), file);
    await expect(server.turn(withFiles(CREATE, 'atc_1'))).rejects.toMatchObject({
      code: 'not_found',
      message: 'there is no such attachment',
    });
  });
});
