import type { KeyStore } from '../auth/keys.ts';
import type { Database } from './database.ts';

export function createKeyStore(db: Database): KeyStore {
  return {
    async loadKeys() {
      const [found] = await db.read([
        {
          sql: 'SELECT kid, public_key, wrapped_private_key, created_at FROM keys ORDER BY created_at DESC, kid',
          args: [],
        },
      ]);
      return (found?.rows ?? []).map((row) => ({
        kid: String(row['kid']),
        publicKey: String(row['public_key']),
        wrappedPrivateKey: String(row['wrapped_private_key']),
        createdAt: Number(row['created_at']),
      }));
    },
    async saveKey({ kid, publicKey, wrappedPrivateKey, createdAt }) {
      await db.write([
        {
          sql: 'INSERT INTO keys (kid, public_key, wrapped_private_key, created_at) VALUES (?, ?, ?, ?)',
          args: [kid, publicKey, wrappedPrivateKey, createdAt],
        },
      ]);
    },
  };
}
