import { beforeAll, describe, expect, test } from 'vitest';
import type { Store, StoredAttachment } from '../../server/chatkit/store.ts';
import type { Context } from '../../server/context.ts';
import { makeContext, makeMessage, seedThread } from './make.ts';

/** What a store keeps of attachments: their descriptions, each its owner's, until their thread goes. */
export function attachmentContract(getStore: () => Store<Context>): void {
  describe('attachments', () => {
    let store: Store<Context>;
    beforeAll(() => {
      store = getStore();
    });

    test('come back as they were saved last, but for the credential of an upload', async () => {
      const context = makeContext();
      const image: StoredAttachment = {
        type: 'image',
        id: `atc_${context.site.id}`,
        name: 'Größe 🧵.png',
        mime_type: 'image/png',
        preview_url: 'https://chat.example.com/p',
        metadata: { nested: { value: null } },
      };
      const upload = { url: 'https://chat.example.com/up', method: 'PUT' as const, headers: { a: 'secret' } };
      expect(await store.loadAttachment(context, image.id)).toBeUndefined();
      expect(await store.saveAttachment(context, { ...image, upload_descriptor: upload })).toBe(true);
      const waiting = { ...image, upload_descriptor: { ...upload, headers: {} } };
      expect(await store.loadAttachment(context, image.id)).toEqual(waiting);
      expect(await store.saveAttachment(context, image)).toBe(true);
      expect(await store.loadAttachment(context, image.id)).toEqual(image);
    });

    test('are deleted one by one, a missing one is no error', async () => {
      const context = makeContext();
      const [one, two] = [makeFile(context, 'one'), makeFile(context, 'two')];
      for (const file of [one, two]) await store.saveAttachment(context, file);
      await store.deleteAttachment(context, one.id);
      await store.deleteAttachment(context, one.id);
      expect(await store.loadAttachment(context, one.id)).toBeUndefined();
      expect(await store.loadAttachment(context, two.id)).toEqual(two);
    });

    test('go with the thread that they name last, which names them', async () => {
      const context = makeContext();
      const threadId = await seedThread(store, context, []);
      const other = await seedThread(store, context, [], `${threadId}_other`);
      const sent = [makeFile(context, 'a', threadId), makeFile(context, 'b', threadId)];
      const kept = [makeFile(context, 'loose'), makeFile(context, 'other', other), makeFile(context, 'moved', other)];
      await store.saveAttachment(context, makeFile(context, 'moved', threadId));
      // As a message does it: saved without a thread, and again with one.
      await store.saveAttachment(context, makeFile(context, 'a'));
      for (const file of [...sent, ...kept]) await store.saveAttachment(context, file);

      expect((await store.deleteThread(context, threadId)).toSorted()).toEqual(sent.map(({ id }) => id));
      for (const { id } of sent) expect(await store.loadAttachment(context, id)).toBeUndefined();
      for (const file of kept) expect(await store.loadAttachment(context, file.id)).toEqual(file);
      expect(await store.deleteThread(context, threadId)).toEqual([]);
    });

    test.each([
      ['another site', (mine: Context) => makeContext(undefined, mine.owner)],
      ['another owner of the same site', (mine: Context) => makeContext(mine.site.id, 'v_bbbbbbbbbbbbbbbbbbbbbb')],
    ])('are nothing to %s', async (_, makeForeign) => {
      const mine = makeContext();
      const foreign = makeForeign(mine);
      const threadId = await seedThread(store, mine, [makeMessage('', 'msg_1')]);
      const file = makeFile(mine, 'mine', threadId);
      // An id is anybody's word: theirs may name a thread of mine.
      const theirs = { ...makeFile(foreign, 'theirs', threadId), id: `atc_theirs_${mine.site.id}` };
      await store.saveAttachment(mine, file);
      await store.saveAttachment(foreign, theirs);

      expect(await store.loadAttachment(foreign, file.id)).toBeUndefined();
      expect(await store.saveAttachment(foreign, { ...file, name: 'taken.txt' })).toBe(false);
      await store.deleteAttachment(foreign, file.id);
      await store.deleteThread(foreign, threadId);
      expect(await store.loadAttachment(mine, file.id)).toEqual(file);

      await store.saveAttachment(foreign, theirs);
      expect(await store.deleteThread(mine, threadId)).toEqual([file.id]);
      expect(await store.loadAttachment(foreign, theirs.id)).toEqual(theirs);
    });
  });
}

function makeFile(context: Context, name: string, thread_id?: string): StoredAttachment {
  return {
    type: 'file',
    id: `atc_${name}_${context.site.id}`,
    name: `${name}.txt`,
    mime_type: 'text/plain',
    ...(thread_id !== undefined && { thread_id }),
  };
}
