import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const START_DEADLINE_MS = 60_000;

/** A project below `examples/`, worked with as its README says: by the programs that it has installed itself. */
export interface Example {
  /** Runs one of its programs to its end. Rejects when it fails. */
  run(program: string, ...args: string[]): Promise<void>;
  /** Starts one of its programs; resolves when `url` answers. */
  serve(url: string, program: string, ...args: string[]): Promise<void>;
  /** Ends what it serves. */
  close(): Promise<void>;
}

export function openExample(name: string, variables: Record<string, string>): Example {
  const directory = join(import.meta.dirname, '..', '..', 'examples', name);
  // Not what the tests run with: an example is built as its owner builds it, without NODE_ENV=test.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...variables } as unknown as NodeJS.ProcessEnv;
  const servers: ChildProcess[] = [];
  // Their Node is ours: a machine may come with an older one.
  const start = (program: string, args: string[]): ChildProcess =>
    spawn(process.execPath, [join(directory, 'node_modules', '.bin', program), ...args], {
      cwd: directory,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });

  return {
    async run(program, ...args) {
      const [code] = await once(start(program, args), 'exit');
      if (code !== 0) throw new Error(`${name}: ${program} ${args.join(' ')} ended with ${code}`);
    },
    async serve(url, program, ...args) {
      const server = start(program, args);
      servers.push(server);
      const deadline = Date.now() + START_DEADLINE_MS;
      while (!(await fetch(url).catch(() => undefined))?.ok) {
        if (server.exitCode !== null) throw new Error(`${name}: ${program} ended with ${server.exitCode}`);
        if (Date.now() > deadline) throw new Error(`${name}: no answer from ${url} after ${START_DEADLINE_MS} ms`);
        // Polling a process that starts: there is no event to await across the process border.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async close() {
      for (const server of servers) {
        if (server.exitCode !== null || server.signalCode !== null) continue;
        const ended = once(server, 'exit');
        server.kill();
        await ended;
      }
    },
  };
}
