import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSecretFile } from '../auth/secret-file.ts';
import type { Config } from '../config.ts';
import { openSites } from '../open-sites.ts';
import { type Database, DatabaseInUseError, openDatabase } from '../store/database.ts';
import type { Ask } from './run-command.ts';

/**
 * Whoever may change the sites: the running server where one owns the database, else this process, which opens it.
 * Throws when neither can be had; the message says what to do.
 */
export async function reachOperator(config: Config): Promise<{ ask: Ask; close: () => Promise<void> }> {
  const { databaseUrl: url, databaseAuthToken: authToken } = config;
  await mkdir(config.dataDir, { recursive: true });
  let db: Database;
  try {
    db = await openDatabase({ url, ...(authToken !== undefined && { authToken }) });
  } catch (error) {
    if (!(error instanceof DatabaseInUseError)) throw error;
    return { ask: await askServer(config), close: async () => {} };
  }
  try {
    const keySecret = config.keySecret ?? (await loadSecretFile(config.dataDir, 'key-secret'));
    const { publicUrl, outboundAllow } = config;
    const { operator } = await openSites({
      db,
      keySecret,
      publicUrl,
      dictation: false,
      outboundAllow,
      now: Date.now,
    });
    operator.onError((error) => {
      throw error;
    });
    const send: Send = async (path, init) => operator.request(path, init);
    return { ask: asking(send), close: () => db.close() };
  } catch (error) {
    await db.close();
    throw error;
  }
}

type Send = (path: string, init: { method: string; body?: string }) => Promise<Response>;

function asking(send: Send): Ask {
  return async (method, path, body) => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await send(`/v1/operator${path}`, init);
    const answer = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
    if (!response.ok) throw new Error(answer.error?.message ?? `the server answered ${response.status}`);
    return answer;
  };
}

/** The server of this configuration, on this machine. */
export async function askServer({ host, port, dataDir, operatorToken }: Config): Promise<Ask> {
  // Not the public URL: that may lead through a proxy, and the server is on this machine, beside its file.
  const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  const token = operatorToken ?? (await readFile(join(dataDir, 'operator-token'), 'utf8').catch(() => '')).trim();
  return askAt(`http://${name}:${port}`, token);
}

/** Asks a running server. */
export function askAt(url: string, token: string): Ask {
  const headers = { authorization: `Bearer ${token}` };
  return asking(async (path, init) => {
    const response = await fetch(url + path, { ...init, headers, redirect: 'error' }).catch(() => undefined);
    if (!response)
      throw new Error(
        `the database is in use, and no server answers at ${url}: set HOST and PORT as the server has them`,
      );
    if (response.status === 401)
      throw new Error(`the server at ${url} takes another OPERATOR_TOKEN: set it, or DATA_DIR, as the server has it`);
    return response;
  });
}
