import { randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET_CHARS = 43;

/**
 * The secret that wraps the signing keys where the operator has set none: made once, kept in `key-secret` of the data
 * directory, readable by the owner of the process alone. Throws when the file is there but is not whole.
 */
export async function loadKeySecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'key-secret');
  const secret = (await readIfThere(path)) ?? (await makeSecret(path));
  if (secret.length < SECRET_CHARS)
    throw new Error(`${path} is not whole. Restore it from a backup; if no site token was issued yet, delete it.`);
  return secret;
}

async function makeSecret(path: string): Promise<string> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  // Flushed, because the keys it wraps must not outlive it.
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  // A link appears whole or not at all, and does not replace what another process made in the meantime.
  await link(draft, path).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error;
  });
  await unlink(draft);
  return readSecret(path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readSecret(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function readSecret(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).trim();
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
