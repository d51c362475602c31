import type { AttachmentRecords, OwnedAttachment } from '../files/attachment-records.ts';
import type { Database, Result } from './database.ts';
import { attachmentFromBody } from './thread-rows.ts';

export function createAttachmentRecords(db: Database): AttachmentRecords {
  return {
    async reserve({ site, owner }, attachment, max) {
      const [saved] = await db.write([
        {
          // Counted in the statement that inserts: many at once cannot all find room for the last one.
          sql: `INSERT INTO attachments (site_id, owner, id, created_at, body)
            SELECT ?, ?, ?, unixepoch() * 1000, ?
            WHERE (SELECT count(*) FROM attachments WHERE site_id = ? AND owner = ? AND thread_id IS NULL) < ?`,
          args: [site.id, owner, attachment.id, JSON.stringify(attachment), site.id, owner, max],
        },
      ]);
      return saved?.rowsAffected === 1;
    },

    async isOwn({ site, owner }, attachmentId) {
      const found = await db.read(
        (['attachments', 'removed_attachments'] as const).map((table) => ({
          sql: `SELECT 1 FROM ${table} WHERE site_id = ? AND owner = ? AND id = ?`,
          args: [site.id, owner, attachmentId],
        })),
      );
      return found.some(({ rows }) => rows.length === 1);
    },

    async findById(attachmentId) {
      const sql = 'SELECT site_id, owner, body FROM attachments WHERE id = ?';
      return toFound(await db.read([{ sql, args: [attachmentId] }]));
    },

    async findByPreview(previewKey) {
      const sql = `SELECT site_id, owner, body FROM attachments WHERE json_extract(body, '$.metadata.preview_key') = ?`;
      return toFound(await db.read([{ sql, args: [previewKey] }]));
    },

    async complete({ siteId, owner }, attachment) {
      const [saved] = await db.write([
        {
          sql: `UPDATE attachments SET body = ? WHERE site_id = ? AND owner = ? AND id = ?
            AND json_extract(body, '$.upload_descriptor') IS NOT NULL`,
          args: [JSON.stringify(attachment), siteId, owner, attachment.id],
        },
      ]);
      return saved?.rowsAffected === 1;
    },

    async deleteUnused(before) {
      await db.write([
        { sql: 'DELETE FROM attachments WHERE thread_id IS NULL AND created_at < ?', args: [before.getTime()] },
      ]);
    },

    async listRemoved() {
      const [found] = await db.read([{ sql: 'SELECT id, site_id, owner FROM removed_attachments', args: [] }]);
      return (found?.rows ?? []).map((row) => ({
        id: String(row['id']),
        siteId: String(row['site_id']),
        owner: String(row['owner']),
      }));
    },

    async forgetRemoved(attachmentIds) {
      if (attachmentIds.length === 0) return;
      await db.write(attachmentIds.map((id) => ({ sql: 'DELETE FROM removed_attachments WHERE id = ?', args: [id] })));
    },
  };
}

function toFound([found]: Result[]): OwnedAttachment | undefined {
  const row = found?.rows[0];
  return (
    row && {
      siteId: String(row['site_id']),
      owner: String(row['owner']),
      attachment: attachmentFromBody(row['body']),
    }
  );
}
