import type { HeaderActionButton } from './header-action.tsx';
import { late } from './late.tsx';

/** The place of a header button of the host's own: few hosts have one, so it comes in a chunk with its icon's set. */
export const HeaderActionSlot = late<Parameters<typeof HeaderActionButton>[0]>(
  () => import('./header-action.tsx').then(({ HeaderActionButton }) => HeaderActionButton),
  () => <span class="ghost" />,
);
