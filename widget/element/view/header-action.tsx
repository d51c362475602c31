import type { HeaderAction } from '../options.ts';
import type { Strings } from '../strings/en.ts';
import { IconSlot } from './icon-slot.tsx';

interface HeaderActionButtonProps {
  action: HeaderAction;
  strings: Strings;
}

/** A button that the host put into the header. The contract gives it an icon and no name: the icon's meaning names it. */
export function HeaderActionButton({ action, strings }: HeaderActionButtonProps) {
  const label = nameOf(action.icon, strings);
  return (
    <button type="button" class="ghost" part="header-action" aria-label={label} title={label} onClick={action.onClick}>
      <IconSlot name={action.icon} />
    </button>
  );
}

/** By the beginning of the icon's name. */
const MEANINGS: [RegExp, keyof Strings][] = [
  [/^(?:sidebar|menu|hamburger|dots|grid)/, 'menu'],
  [/^(?:back|double-chevron-left)/, 'back'],
  [/^home/, 'home'],
  [/^close/, 'close'],
  [/^settings/, 'settings'],
  [/^share/, 'share'],
  [/^(?:expand|open)/, 'expand'],
  [/^collapse/, 'collapse'],
  [/^star/, 'favourite'],
  [/^(?:light|dark)-/, 'colours'],
  [/^history/, 'history'],
  [/^(?:compose|chat)/, 'newChat'],
];

function nameOf(icon: string, strings: Strings): string {
  const key = MEANINGS.find(([pattern]) => pattern.test(icon))?.[1];
  return key ? String(strings[key]) : icon.replaceAll('-', ' ') || strings.menu;
}
