import { late } from './late.tsx';
import type { SourcesProps } from './sources.tsx';

/** The place of an answer's sources. What draws them comes with the first: without it, its citations say the same. */
export const SourcesSlot = late<SourcesProps>(
  () => import('./sources.tsx').then(({ Sources }) => Sources),
  () => null,
);
