import type { AttachmentLimits } from '../../protocol/session.ts';
import { ApiError } from '../errors.ts';

/** What may be attached: the one place, for the panel that offers it and for the checks of what arrives. */
export const ATTACHMENT_LIMITS: AttachmentLimits = {
  max_size: 10 * 1024 * 1024,
  max_count: 5,
  accept: {
    'image/png': ['.png'],
    'image/jpeg': ['.jpg', '.jpeg'],
    'image/gif': ['.gif'],
    'image/webp': ['.webp'],
    'application/pdf': ['.pdf'],
    'text/plain': ['.txt'],
    'text/markdown': ['.md', '.markdown'],
    'text/csv': ['.csv'],
    'application/json': ['.json'],
  },
};

/** Throws `ApiError('body_too_large')`. */
export function checkSize(bytes: number): void {
  const { max_size } = ATTACHMENT_LIMITS;
  if (bytes > max_size) throw new ApiError('body_too_large', `a file holds at most ${max_size} bytes`);
}
