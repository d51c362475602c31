import { iconPath } from './icon-paths.ts';

/** An icon that a host or a server names. An unknown one leaves its place empty, so that its neighbours stay in line. */
export function NamedIcon({ name }: { name: string }) {
  const path = iconPath(name);
  return (
    <svg class={name.endsWith('-filled') ? 'icon filled' : 'icon'} viewBox="0 0 20 20" aria-hidden="true">
      {path && <path d={path} />}
    </svg>
  );
}
