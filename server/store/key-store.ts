import type { KeyStore, StoredKey } from '../auth/signing-key.ts';
import type { Database, Statement } from './database.ts';

export function createKeyStore(db: Database): KeyStore {
  return {
    async loadKeys() {
      const [found] = await db.read([
        {
          sql: `SELECT kid, public_key, wrapped_private_key, created_at, signs_from, revoked_at FROM keys
            ORDER BY signs_from DESC, kid`,
          args: [],
        },
      ]);
      return (found?.rows ?? []).map(toKey);
    },
    async saveKey(key) {
      await db.write([insertion(key)]);
    },
    async revokeKey(kid, revokedAt, successor) {
      await db.write([
        {
          sql: `UPDATE keys SET revoked_at = ?, wrapped_private_key = '' WHERE kid = ? AND revoked_at IS NULL`,
          args: [revokedAt, kid],
        },
        ...(successor ? [insertion(successor)] : []),
      ]);
    },
  };
}

function toKey(row: Record<string, unknown>): StoredKey {
  const key = {
    kid: String(row['kid']),
    publicKey: String(row['public_key']),
    wrappedPrivateKey: String(row['wrapped_private_key']),
    createdAt: Number(row['created_at']),
    signsFrom: Number(row['signs_from']),
  };
  return row['revoked_at'] === null ? key : { ...key, revokedAt: Number(row['revoked_at']) };
}

function insertion({ kid, publicKey, wrappedPrivateKey, createdAt, signsFrom }: StoredKey): Statement {
  return {
    sql: `INSERT INTO keys (kid, public_key, wrapped_private_key, created_at, signs_from) VALUES (?, ?, ?, ?, ?)`,
    args: [kid, publicKey, wrappedPrivateKey, createdAt, signsFrom],
  };
}
