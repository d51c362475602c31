import type { ThreadItem } from './item.ts';

/** A slice of a list. `after` is the cursor of the next slice: the id of the last entry of this one. */
export interface Page<T> {
  data: T[];
  has_more: boolean;
  after?: string;
}

/** The protocol does not enforce `locked` and `closed`: an element disables its composer, a server may refuse. */
export type ThreadStatus =
  | { type: 'active' }
  | { type: 'locked'; reason?: string }
  | { type: 'closed'; reason?: string };

/** What is known of a conversation without its items. */
export interface ThreadMetadata {
  id: string;
  title?: string;
  /** ISO 8601. The reference server writes no zone; ours writes UTC with `Z`. */
  created_at: string;
  status: ThreadStatus;
  /** Hosts from which images in an answer may be shown; unset means links only. */
  allowed_image_domains?: string[];
  /** Always `{}` on the wire; what a server keeps here never leaves it. */
  metadata: Record<string, unknown>;
}

export interface Thread extends ThreadMetadata {
  items: Page<ThreadItem>;
}
