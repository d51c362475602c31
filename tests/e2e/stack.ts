import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../fakes/free-port.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START_DEADLINE_MS = 30_000;

export interface Stack {
  chatUrl: string;
  demoUrl: string;
  dataDir: string;
  /** All that the server wrote to stdout and stderr so far. */
  output(): string;
  /** Ends the server as a power cut would: no signal that it could answer. */
  kill(): Promise<void>;
  /** Ends the server as an operator would, and waits for it. The data stays. */
  stop(): Promise<void>;
  /** Starts it again on the same ports and data, with other variables if they are given. */
  restart(env?: Record<string, string>): Promise<void>;
  /** Ends it and removes the data. */
  close(): Promise<void>;
}

/** The product as `npm start` runs it, in a process of its own, on free ports and a fresh data directory. */
export async function startStack(firstEnv: Record<string, string> = {}): Promise<Stack> {
  let env = firstEnv;
  const [port, demoPort] = [await freePort(), await freePort()];
  const dataDir = await mkdtemp(join(tmpdir(), 'pagewise-'));
  const chatUrl = `http://localhost:${port}`;
  let output = '';
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const child = spawn(process.execPath, ['server/main.ts'], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        DEMO_PORT: String(demoPort),
        DATA_DIR: dataDir,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    await ready(chatUrl, () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output}`);
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  const stop = (): Promise<void> => end('SIGTERM');

  await start();
  return {
    chatUrl,
    demoUrl: `http://localhost:${demoPort}`,
    dataDir,
    output: () => output,
    kill: () => end('SIGKILL'),
    stop,
    async restart(nextEnv = firstEnv) {
      env = nextEnv;
      await stop();
      await start();
    },
    async close() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function ready(url: string, check: () => void): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    check();
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > deadline) throw new Error(`not ready after ${START_DEADLINE_MS} ms`);
    // Polling a process that starts: there is no event to await across the process border.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
