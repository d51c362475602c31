import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key derived from `secret`; `kid` is authenticated too, so that rows cannot be swapped. */
export function wrapKey(privateKey: Uint8Array, kid: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secret), iv).setAAD(Buffer.from(kid));
  return Buffer.concat([iv, cipher.update(privateKey), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** The private key again. Throws when the secret is another one, or the row was altered. */
export function unwrapKey(wrapped: string, kid: string, secret: string): Buffer {
  const bytes = Buffer.from(wrapped, 'base64url');
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(secret), iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(kid))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new Error(
      'KEY_SECRET does not open the signing keys in the database: it is not the one they were made with.',
      {
        cause,
      },
    );
  }
}

/** HKDF, because the secret is random (32 characters or more in production): a slow hash would add nothing. */
function deriveKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'pagewise signing keys', 32));
}
