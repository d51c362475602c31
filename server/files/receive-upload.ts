import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { ApiError } from '../errors.ts';
import { checkSize } from './attachment-limits.ts';
import type { BlobStore, Spooled } from './blob-store.ts';

/** A file that arrived in a form, and what its sender calls it. */
export interface ReceivedFile {
  spooled: Spooled;
  name: string;
  mimeType: string;
}

type Spooling = Pick<BlobStore, 'spool' | 'discard'>;

/** Room for a form around one file, and a bound for one that holds no file. */
const FORM_LIMITS = { files: 1, fields: 10, fieldSize: 1_024, parts: 12, headerPairs: 20, headerSize: 8 * 1024 };
/** What a form may weigh besides its file. */
const FORM_BYTES = 64 * 1024;

/**
 * The one file of a request, written to disk as it arrives: the body itself, or what a multipart form holds. Leaves
 * nothing when it throws: `invalid_request` for a body that was cut, by its sender or by `signal`, or is empty, and what
 * `spool` throws.
 */
export async function receiveUpload(
  request: Request,
  blobs: Spooling,
  signal: AbortSignal,
): Promise<{ spooled: Spooled }> {
  if (/^multipart\//i.test(typeOf(request))) return await receiveForm(request, blobs, signal);
  return { spooled: await refuseEmpty(await blobs.spool(readBody(request, signal)), blobs) };
}

/** The same of a form with one file, in its field `file`. Another body is an `invalid_request` too. */
export async function receiveForm(request: Request, blobs: Spooling, signal: AbortSignal): Promise<ReceivedFile> {
  const parser = createParser(typeOf(request));
  const received = await parse(parser, readBody(request, signal), blobs);
  await refuseEmpty(received.spooled, blobs);
  return received;
}

async function refuseEmpty(spooled: Spooled, blobs: Spooling): Promise<Spooled> {
  if (spooled.size > 0) return spooled;
  await blobs.discard(spooled);
  throw new ApiError('invalid_request', 'the file is empty');
}

function typeOf(request: Request): string {
  return request.headers.get('content-type') ?? '';
}

/** The body until `signal` aborts; a connection that breaks is the sender's fault and no failure of ours. */
async function* readBody({ body }: Request, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  // Ends the read that waits. A race against a promise that lasts would hold on to every chunk that has won one.
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      checkSize(size - FORM_BYTES);
      yield value;
    }
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw new ApiError('invalid_request', 'the upload was cut short', { cause });
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
  // A connection that breaks early may end the body like one that is complete, too.
  if (signal.aborted) throw new ApiError('invalid_request', 'the upload was cut short');
}

async function parse(parser: BusboyInstance, body: AsyncIterable<Uint8Array>, blobs: Spooling): Promise<ReceivedFile> {
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    wake?.();
  };
  const untilDone = async (start: (done: () => void) => void): Promise<void> => {
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (failure) resolve();
      else start(resolve);
    });
    if (failure) throw failure;
  };
  let stream: Readable | undefined;
  let received: Promise<ReceivedFile> | undefined;
  parser.on('error', (cause) => fail(new ApiError('invalid_request', 'the form is not whole', { cause })));
  parser.on('filesLimit', () => fail(noFile()));
  parser.on('file', (field, file, name, _encoding, mimeType) => {
    stream = file;
    // What is not read, or not any more, would end the process when the form breaks off.
    file.on('error', () => {});
    if (field !== 'file') return fail(noFile());
    received = blobs.spool(file).then((spooled) => ({ spooled, name: decodeName(name), mimeType }));
    received.catch(fail);
  });
  try {
    for await (const chunk of body) await untilDone((done) => parser.write(chunk, done));
    await untilDone((done) => parser.once('finish', done).end());
    return (await received) ?? refuseForm();
  } catch (error) {
    stream?.destroy(error instanceof Error ? error : undefined);
    const begun = await received?.catch(() => undefined);
    if (begun) await blobs.discard(begun.spooled);
    throw error;
  }
}

function createParser(contentType: string): BusboyInstance {
  if (!/^multipart\/form-data\b/i.test(contentType))
    throw new ApiError('invalid_request', 'the body is a multipart form');
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: FORM_LIMITS });
  } catch (cause) {
    throw new ApiError('invalid_request', 'the form names no boundary', { cause });
  }
}

/** Three characters that a browser may not write into a form as they are (HTML, "multipart/form-data"). */
function decodeName(name: string | undefined): string {
  return (name ?? '').replace(/%(?:22|0D|0A)/gi, decodeURIComponent);
}

function noFile(): ApiError {
  return new ApiError('invalid_request', 'the form holds one file, in its field `file`');
}

function refuseForm(): never {
  throw noFile();
}
