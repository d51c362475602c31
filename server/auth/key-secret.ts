import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET_CHARS = 43;

/**
 * The secret that wraps the signing keys where the operator has set none: made once, kept in `key-secret` of the data
 * directory, readable by the owner of the process alone. Throws when the file is there but is not whole.
 */
export async function loadKeySecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'key-secret');
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString('base64url')}\n`);
      // The keys it wraps must never outlive it.
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret.length < SECRET_CHARS)
    throw new Error(`${path} is not whole. Restore it from a backup; if no site token was issued yet, delete it.`);
  return secret;
}
