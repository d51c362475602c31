import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../errors.ts';
import { checkSize } from './attachment-limits.ts';

/** Bytes that have arrived, on disk under a temporary name. */
export interface Spooled {
  path: string;
  size: number;
}

/** Bytes on disk. Where they stand follows from site and id alone; whose they are, the caller has looked up. */
export interface BlobStore {
  /**
   * Writes and flushes what arrives. Leaves nothing when it throws: `body_too_large` as soon as the cap is passed,
   * `storage_unavailable` when the disk refuses, else what `chunks` throws.
   */
  spool(chunks: AsyncIterable<Uint8Array>): Promise<Spooled>;
  discard(spooled: Spooled): Promise<void>;
  /** Gives what was spooled its place. Resolves `false`, with nothing changed, when that is taken. */
  keep(spooled: Spooled, siteId: string, id: string): Promise<boolean>;
  /** Bytes; `undefined` when there are none. */
  size(siteId: string, id: string): Promise<number | undefined>;
  /** All of them, or the first `maxBytes`. The file is opened when the first are asked for. */
  read(siteId: string, id: string, maxBytes?: number): AsyncIterable<Uint8Array>;
  /** Missing ones are no error. */
  delete(siteId: string, id: string): Promise<void>;
  /** Deletes what was left under a temporary name before `before`: a killed server cannot do so itself. */
  deleteLeftovers(before: Date): Promise<void>;
}

export function createBlobStore(directory: string): BlobStore {
  const arriving = join(directory, 'arriving');

  function place(siteId: string, id: string): string {
    // A hash, so that no id can be a path; the first two digits keep directories short. Without the owner: whoever
    // signs in takes the files along, and two writes on a disk and in a database are never one.
    const name = createHash('sha256').update(`${siteId}\n${id}`).digest('hex');
    return join(directory, name.slice(0, 2), name);
  }

  return {
    async spool(chunks) {
      const path = join(arriving, randomBytes(16).toString('hex'));
      const counted = { size: 0 };
      await makeDirectory(arriving);
      try {
        // Opened first: a stream that is still opening when the chunks fail makes its file after it was removed.
        const file = await open(path, 'wx');
        await pipeline(capped(chunks, counted), file.createWriteStream({ flush: true }));
      } catch (error) {
        await rm(path, { force: true });
        throw fromDiskError(error);
      }
      return { path, size: counted.size };
    },
    discard: ({ path }) => rm(path, { force: true }),
    async keep({ path }, siteId, id) {
      const target = place(siteId, id);
      await makeDirectory(dirname(target));
      try {
        // Only one of two uploads on one id can make the file; by the rename alone the second one would win.
        await (await open(target, 'wx')).close();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw fromDiskError(error);
      }
      try {
        await rename(path, target);
        await flushDirectory(dirname(target));
      } catch (error) {
        await rm(target, { force: true });
        throw fromDiskError(error);
      }
      return true;
    },
    async size(siteId, id) {
      const found = await stat(place(siteId, id)).catch(ignoreMissing);
      return found?.size;
    },
    async *read(siteId, id, maxBytes) {
      yield* createReadStream(place(siteId, id), maxBytes === undefined ? {} : { end: maxBytes - 1 });
    },
    delete: (siteId, id) => rm(place(siteId, id), { force: true }),
    async deleteLeftovers(before) {
      for (const name of (await readdir(arriving).catch(ignoreMissing)) ?? []) {
        const path = join(arriving, name);
        const found = await stat(path).catch(ignoreMissing);
        if (found && found.mtime < before) await rm(path, { force: true });
      }
    },
  };
}

async function* capped(chunks: AsyncIterable<Uint8Array>, counted: { size: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    counted.size += chunk.length;
    checkSize(counted.size);
    yield chunk;
  }
}

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw fromDiskError(error);
  });
}

/** A name is durable when its directory is. Windows flushes it with the file, and opens no directory. */
async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** A full disk, a read-only one, too many open files: over when the operator has mended it. */
function fromDiskError(error: unknown): unknown {
  const { syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || error instanceof ApiError) return error;
  return new ApiError('storage_unavailable', 'The storage takes no file. Nothing was saved; try again in a moment.', {
    cause: error,
  });
}
