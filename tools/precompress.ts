import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Writes `x.js.br` and `x.js.gz` beside every script: the server has no brotli of its own, and hashed files never change. */
export async function precompress(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true });
  await Promise.all(
    entries
      .filter((name) => name.endsWith('.js'))
      .map(async (name) => {
        const path = join(directory, name);
        const bytes = await readFile(path);
        const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
        await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, best));
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
      }),
  );
}
