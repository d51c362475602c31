import { record } from './record.ts';

/** Which files a composer takes, by MIME pattern: `image/png`, `image/*`, and `*` or the empty word for all others. */
export interface AttachmentLimits {
  /** Bytes; what is not a positive number counts as absent, and a file that no pattern names may have 100 MiB. */
  maxSize: Readonly<Record<string, unknown>>;
  /** Of one message. */
  maxCount: number;
  /** Each a pattern and the file name endings that belong to it, in small letters. Without any, every file is taken. */
  accept: readonly (readonly string[])[];
}

const DEFAULT_COUNT = 10;

/** What a host gave as `composer.attachments`, whatever it is; undefined unless it is switched on. */
export function readAttachmentLimits(value: unknown): AttachmentLimits | undefined {
  const { enabled, maxSize, maxCount, accept } = record(value);
  if (enabled !== true) return undefined;
  return {
    maxSize: typeof maxSize === 'number' ? { '*': maxSize } : record(maxSize),
    maxCount: isPositive(maxCount) ? maxCount : DEFAULT_COUNT,
    accept: Object.entries(record(accept)).map((entry) => entry.flat().map((word) => String(word).toLowerCase())),
  };
}

export function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}
