import { randomBytes } from 'node:crypto';
import type { StoredAttachment } from '../chatkit/store.ts';
import { displayName } from './display-name.ts';

/**
 * An attachment by what is known of its file. An image has the address of its preview from the start, and the same one
 * all along; the address shows something once the bytes are here. Its key opens one image and nothing else.
 */
export function describeAttachment(
  { id, name, metadata = {} }: Pick<StoredAttachment, 'id' | 'name' | 'metadata'>,
  mimeType: string,
  publicUrl: string,
): StoredAttachment {
  const base = { id, name: displayName(name), mime_type: mimeType };
  const { preview_key: known, ...rest } = metadata;
  if (!mimeType.startsWith('image/')) return { ...base, type: 'file', metadata: rest };
  const key = typeof known === 'string' ? known : randomBytes(32).toString('base64url');
  const preview_url = `${publicUrl}/v1/files/preview/${key}`;
  return { ...base, type: 'image', preview_url, metadata: { ...rest, preview_key: key } };
}
