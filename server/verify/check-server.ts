import { call, errorCodeOf } from './call.ts';
import { Fault } from './finding.ts';

/** That a server of ours answers at `url`, and that it can store. */
export async function checkServer(url: string): Promise<string> {
  const health = await call(`${url}/healthz`);
  const body = (await health.json().catch(() => undefined)) as { status?: unknown } | undefined;
  if (health.status !== 200 || body?.status !== 'ok')
    throw new Fault(
      `something answers at ${url}, but it is no Pagewise server (GET /healthz: ${health.status})`,
      'Point the proxy at the port of the server, for all paths; or mend the address.',
    );
  const ready = await call(`${url}/readyz`);
  if (ready.status === 200) return `${url} answers and is ready`;
  const code = await errorCodeOf(ready);
  if (code === 'storage_unavailable')
    throw new Fault(
      'the server answers, but nothing can be stored',
      'Look after DATABASE_URL: is the disk full, the file read-only, the database server away?',
    );
  throw new Fault(`the server is not ready (GET /readyz: ${ready.status} ${code ?? ''})`, 'Wait, or start it again.');
}
