import { z } from 'zod';
import { FormatError, type JsonObject } from './golden.ts';

/** The transcript as its kind reads it. Throws `FormatError`, naming the place. */
export function readScript<T>(schema: z.ZodType<T>, golden: JsonObject): T {
  const parsed = schema.safeParse(golden);
  if (parsed.success) return parsed.data;
  throw new FormatError(`the file is not in the format: ${z.prettifyError(parsed.error)}`);
}
