import { describe, expect, test } from 'vitest';
import type { Store, StoredAttachment } from '../../server/chatkit/store.ts';
import type { Context } from '../../server/context.ts';

const make = ({ site }: Context, name: string, threadId?: string): StoredAttachment => ({
  type: 'file',
  id: `atc_${name}_${site.id}`,
  name,
  mime_type: 'text/plain',
  ...(threadId !== undefined && { thread_id: threadId }),
});

/** What the `Store` port must do with attachments: a part of its contract. */
export function attachmentContract(
  store: () => Store<Context>,
  makeContext: (site?: string, owner?: string) => Context,
): void {
  test('an attachment comes back as it was saved, but for the credential of its upload', async () => {
    const context = makeContext();
    const attachment: StoredAttachment = {
      type: 'image',
      id: `atc_${context.site.id}`,
      name: 'Größe 🧵.png',
      mime_type: 'image/png',
      preview_url: 'https://chat.example.com/p',
      metadata: { nested: { value: null } },
    };
    const upload_descriptor = { url: 'https://chat.example.com/up', method: 'PUT' as const, headers: { a: 'secret' } };
    expect(await store().saveAttachment(context, { ...attachment, upload_descriptor })).toBe(true);
    const waiting = { ...attachment, upload_descriptor: { ...upload_descriptor, headers: {} } };
    expect(await store().loadAttachment(context, attachment.id)).toEqual(waiting);
    expect(await store().saveAttachment(context, attachment)).toBe(true);
    expect(await store().loadAttachment(context, attachment.id)).toEqual(attachment);
    await store().deleteAttachment(context, attachment.id);
    await store().deleteAttachment(context, attachment.id);
    expect(await store().loadAttachment(context, attachment.id)).toBeUndefined();
  });

  test('attachments go with their thread, which names them', async () => {
    const context = makeContext();
    const threadId = `thr_${context.site.id}`;
    await store().saveThread(context, {
      id: threadId,
      created_at: '2026-11-24T10:00:00.000Z',
      status: { type: 'active' },
      metadata: {},
    });
    const [a, b, loose] = [make(context, 'a', threadId), make(context, 'b', threadId), make(context, 'loose')];
    for (const attachment of [a, b, loose]) await store().saveAttachment(context, attachment);
    expect((await store().deleteThread(context, threadId)).toSorted()).toEqual([a.id, b.id]);
    expect(await store().loadAttachment(context, a.id)).toBeUndefined();
    expect(await store().loadAttachment(context, loose.id)).toEqual(loose);
    expect(await store().deleteThread(context, threadId)).toEqual([]);
  });

  describe.each([
    ['another site', (mine: Context) => makeContext(undefined, mine.owner)],
    ['another owner of the same site', (mine: Context) => makeContext(mine.site.id, 'v_bbbbbbbbbbbbbbbbbbbbbb')],
  ])('%s', (_, makeForeign) => {
    test('has no part in an attachment', async () => {
      const mine = makeContext();
      const attachment = make(mine, 'mine');
      await store().saveAttachment(mine, attachment);
      const foreign = makeForeign(mine);
      expect(await store().loadAttachment(foreign, attachment.id)).toBeUndefined();
      expect(await store().saveAttachment(foreign, { ...attachment, name: 'taken' })).toBe(false);
      await store().deleteAttachment(foreign, attachment.id);
      expect(await store().loadAttachment(mine, attachment.id)).toEqual(attachment);
    });
  });
}
