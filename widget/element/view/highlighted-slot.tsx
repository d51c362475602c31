import type { HighlightedProps } from '../highlight/highlighted.tsx';
import { late } from './late.tsx';

/** The place of code in a language. Its colours come in a chunk of their own with the first of it. */
export const HighlightedSlot = late<HighlightedProps>(
  () => import('../highlight/highlighted.tsx').then(({ Highlighted }) => Highlighted),
  ({ code }) => <>{code}</>,
);
