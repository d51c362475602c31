import { randomBytes } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET_CHARS = 43;

/** File → what to do when it is broken. */
const REMEDY = {
  'key-secret': 'Restore it from a backup; if no site token was issued yet, delete it.',
  'operator-token': 'Delete it: the next start makes another one.',
};

/**
 * A secret that the operator has not set: made once, kept in a file of the data directory, readable by the owner of
 * the process alone. `key-secret` wraps the keys in the database, `operator-token` opens `/v1/operator`. Throws when
 * the file is there but is not whole.
 */
export async function loadSecretFile(dataDir: string, name: keyof typeof REMEDY): Promise<string> {
  const path = join(dataDir, name);
  const secret = (await readIfThere(path)) ?? (await makeSecret(path));
  if (secret.length < SECRET_CHARS) throw new Error(`${path} is not whole. ${REMEDY[name]}`);
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
