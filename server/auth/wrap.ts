import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What is kept wrapped in the database; each under a key of its own. */
type Purpose = 'signing keys' | 'site secrets' | 'credentials of tools' | 'user tokens';

export interface Wrapping {
  purpose: Purpose;
  /** Which row this is: authenticated too, so that rows cannot be swapped. */
  row: string;
  /** `KEY_SECRET`, or what `loadSecretFile` made. */
  secret: string;
}

/** AES-256-GCM under a key derived from the secret, base64url. */
export function wrap(bytes: Uint8Array, { purpose, row, secret }: Wrapping): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secret, purpose), iv).setAAD(Buffer.from(row));
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** The bytes again. Throws when the secret is another one, or the row was altered. */
export function unwrap(wrapped: string, { purpose, row, secret }: Wrapping): Buffer {
  const bytes = Buffer.from(wrapped, 'base64url');
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(secret, purpose), iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(row))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new Error(`KEY_SECRET does not open the ${purpose} in the database: it is not the one they were made with.`, {
      cause,
    });
  }
}

/** HKDF, because the secret is random (32 characters or more in production): a slow hash would add nothing. */
function deriveKey(secret: string, purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `pagewise ${purpose}`, 32));
}
