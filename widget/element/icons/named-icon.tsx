import { iconPath } from './icon-paths.ts';

/** An icon that a host or a server names. An unknown one leaves its place empty, so that its neighbours stay in line. */
export function NamedIcon({ name }: { name: string }) {
  const path = iconPath(name);
  const filled = name.endsWith('-filled') ? ' filled' : '';
  // What points back or on points the other way where the reading does.
  const flips = /^(?:back|chevron|double-chevron)-/.test(name) ? ' flips' : '';
  return (
    <svg class={`icon${filled}${flips}`} viewBox="0 0 20 20" aria-hidden="true">
      {path && <path d={path} />}
    </svg>
  );
}
