import { late } from './late.tsx';

/** The place of an icon that the host names. The set is a chunk of its own: few hosts name any. */
export const IconSlot = late<{ name: string }>(
  () => import('../icons/named-icon.tsx').then(({ NamedIcon }) => NamedIcon),
  () => <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" />,
);
