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

/** What it does with the next recording. */
export type Transcript = { text: string } | { status: number; retryAfter?: number } | { stall: true } | { cut: true };

export interface Upstream {
  /** For `OPENAI_BASE_URL`. */
  baseUrl: string;
  requests: Recorded[];
  /** Steps to come; when there is none, every request is answered with `Hello.` */
  steps: Step[];
  /** Answer to requests that are not streamed: those for a title. */
  title: string;
  /** Answers to recordings to come; when there is none, every recording says `Hello.` */
  transcripts: Transcript[];
  /** How many streamed answers were left by their reader before they ended. */
  left: number;
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
  const upstream: Omit<Upstream, 'baseUrl' | 'close'> = {
    requests: [],
    steps: [],
    title: 'A title',
    transcripts: [],
    left: 0,
  };
  let answers = 0;
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const body = await readBody(request);
    upstream.requests.push({ path, headerNames: Object.keys(request.headers), body });
    if (path === '/v1/audio/transcriptions') return transcribe(response);
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
    if ('status' in step) return fail(response, step);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const incomplete = 'answer' in step ? step.incomplete : undefined;
    response.once('close', () => {
      if (!response.writableEnded) upstream.left += 1;
    });
    const { begun, ending, failure } = wire.write({ id, said: saidIn(step), incomplete, request });
    for (const frame of begun) response.write(frame);
    if ('answer' in step) for (const frame of ending) response.write(frame);
    if ('failAfter' in step) response.write(failure);
    if ('stallAfter' in step) return;
    // The bytes written before must leave first.
    if ('cutAfter' in step) setImmediate(() => response.socket?.destroySoon());
    else response.end();
  }

  function transcribe(response: ServerResponse): void {
    const transcript = upstream.transcripts.shift() ?? { text: 'Hello.' };
    if ('text' in transcript) return sendJson(response, 200, transcript);
    if ('status' in transcript) return fail(response, transcript);
    if ('cut' in transcript) response.destroy();
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

/** The JSON, or the fields of a form; a file among them as what is known of it. */
async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const bytes = new Uint8Array(await buffer(request));
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  const body: Record<string, unknown> = {};
  for (const [field, value] of await new Response(bytes, { headers: { 'content-type': type } }).formData())
    body[field] =
      typeof value === 'string'
        ? value
        : { name: value.name, type: value.type, bytes: Buffer.from(await value.bytes()) };
  return body;
}

function fail(response: ServerResponse, { status, retryAfter }: { status: number; retryAfter?: number }): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  sendError(response, status, `upstream says ${status}`);
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'error' } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
