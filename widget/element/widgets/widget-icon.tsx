import { iconPath } from '../icons/icon-paths.ts';
import type { NodeProps } from './node-view.ts';
import { colour } from './read-colour.ts';
import { text } from './read-prop.ts';

const SIZES = new Map(
  Object.entries({ xs: '14px', sm: '16px', md: '18px', lg: '20px', xl: '24px', '2xl': '28px', '3xl': '34px' }),
);

export function Icon({ node }: NodeProps) {
  return <WidgetIcon name={node['name']} size={node['size']} color={node['color']} />;
}

/** An icon by its name. An unknown one leaves its place empty, so that what stands beside it stands where it should. */
export function WidgetIcon({ name, size, color }: { name: unknown; size?: unknown; color?: unknown }) {
  const path = iconPath(text(name));
  const side = SIZES.get(text(size)) ?? '18px';
  const paint = colour(color);
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      aria-hidden="true"
      style={{ width: side, height: side, ...(paint ? { color: paint } : {}) }}
    >
      {path && <path d={path} />}
    </svg>
  );
}
