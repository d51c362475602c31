import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Said, type Step, saidIn } from './script.ts';

/** A request as it arrived. Values of headers are not kept: one of them is the key. */
export interface Recorded {
  path: string;
  headerNames: string[];
  /** The JSON, or the fields of a form. */
  body: Record<string, unknown>;
}

export interface Upstream {
  /** For `OPENAI_BASE_URL`. */
  baseUrl: string;
  requests: Recorded[];
  /** Steps to come; when there is none, every request is answered with `Hello.` */
  steps: Step[];
  /** Answer to requests that are not streamed: those for a title. */
  title: string;
  close(): Promise<void>;
}

/** How one API writes on the wire what a model says. */
export interface Wire {
  /** Below the base URL. */
  path: string;
  /** An answer in frames: those up to its last delta, those that end it, and the one that says it failed. */
  write(answer: {
    /** Of 32 hex digits, different for every answer. */
    id: string;
    said: Said[];
    incomplete: 'length' | 'content_filter' | undefined;
    request: Record<string, unknown>;
  }): { begun: string[]; ending: string[]; failure: string };
  /** An answer that is not streamed. */
  whole(id: string, text: string): object;
  /** Why this endpoint does not take the request. */
  refuse?(request: Record<string, unknown>): string | undefined;
}

/** A model endpoint over real HTTP. What it says is scripted; what it was sent is recorded. */
export async function startUpstream(wire: Wire): Promise<Upstream> {
  const upstream: Omit<Upstream, 'baseUrl' | 'close'> = { requests: [], steps: [], title: 'A title' };
  let answers = 0;
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await buffer(request)).toString()) as Record<string, unknown>;
    const path = request.url ?? '';
    upstream.requests.push({ path, headerNames: Object.keys(request.headers), body });
    if (path !== `/v1${wire.path}`) return sendError(response, 404, `there is no ${path}`);
    const refusal = wire.refuse?.(body);
    if (refusal !== undefined) return sendError(response, 422, refusal);
    answers += 1;
    // As long and as different as real ones: a store may rely on it.
    const id = answers.toString(16).padStart(32, '0');
    if (body['stream'] === true) return stream(response, id, body);
    return sendJson(response, 200, wire.whole(id, upstream.title));
  }

  function stream(response: ServerResponse, id: string, request: Record<string, unknown>): void {
    const step = upstream.steps.shift() ?? { answer: ['Hello', '.'] };
    if ('status' in step) {
      if (step.retryAfter !== undefined) response.setHeader('retry-after', step.retryAfter);
      return sendError(response, step.status, `upstream says ${step.status}`);
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const incomplete = 'answer' in step ? step.incomplete : undefined;
    const { begun, ending, failure } = wire.write({ id, said: saidIn(step), incomplete, request });
    for (const frame of begun) response.write(frame);
    if ('answer' in step) for (const frame of ending) response.write(frame);
    if ('failAfter' in step) response.write(failure);
    if ('stallAfter' in step) return;
    // The bytes written before must leave first.
    if ('cutAfter' in step) setImmediate(() => response.socket?.destroySoon());
    else response.end();
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(upstream, {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'error' } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
