import type { NodeProps } from './node-view.ts';
import { colour } from './read-colour.ts';
import { text } from './read-prop.ts';

const CIRCLE = 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z';
const PAGE = 'M5.5 3h6L15 6.5V16a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 3v4h4';
const USER = 'M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM4 16.8c.6-3 2.9-4.6 6-4.6s5.4 1.6 6 4.6';
const PICTURE =
  'M4.5 4h11A1.5 1.5 0 0 1 17 5.5v9a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-9A1.5 1.5 0 0 1 4.5 4ZM3.5 13.5l3.7-3.7 3 3 2.3-2.3 4 4M13 7.8v.1';
const PENCIL = 'm4.5 15.5.8-3.4 8-8a1.8 1.8 0 0 1 2.6 2.6l-8 8-3.4.8ZM12 5.4l2.6 2.6';

/** Strokes on a 20 × 20 grid, drawn for this element, by the protocol's names. */
const PATHS = new Map(
  Object.entries({
    bolt: 'M11 2.8 4.5 11.5h5L9 17.2l6.5-8.7h-5l.5-5.7Z',
    'book-open':
      'M10 5.5C8.5 4.3 6.5 4 3.5 4v11c3 0 5 .3 6.5 1.5 1.5-1.2 3.5-1.5 6.5-1.5V4c-3 0-5 .3-6.5 1.5ZM10 5.5v11',
    calendar: 'M4.5 5h11a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1ZM3.5 8.5h13M7 3v3M13 3v3',
    check: 'm4 10.5 4 4 8-9',
    'check-circle': `${CIRCLE}M7 10.2l2.2 2.2L13 8.2`,
    'chevron-left': 'm12 5-5 5 5 5',
    'chevron-right': 'm8 5 5 5-5 5',
    'circle-question': `${CIRCLE}M8 8.2a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M10 13.6v.1`,
    clock: `${CIRCLE}M10 6v4l2.6 1.7`,
    document: `${PAGE}M7.5 10.5h5M7.5 13.5h5`,
    dot: 'M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
    'dots-horizontal': 'M5 10v.1M10 10v.1M15 10v.1',
    'empty-circle': CIRCLE,
    'external-link':
      'M8.5 4.5h-3A1.5 1.5 0 0 0 4 6v8.5A1.5 1.5 0 0 0 5.5 16H14a1.5 1.5 0 0 0 1.5-1.5v-3M11.5 3.5h5v5M16.5 3.5l-7 7',
    globe: `${CIRCLE}M3 10h14M10 3c2 2 2.8 4.4 2.8 7S12 15 10 17c-2-2-2.8-4.4-2.8-7S8 5 10 3Z`,
    images: PICTURE,
    info: `${CIRCLE}M10 9.2v4.3M10 6.5v.1`,
    lightbulb: 'M7.5 13.5a5 5 0 1 1 5 0V15h-5v-1.5ZM8 17.5h4',
    mail: 'M4.5 5h11A1.5 1.5 0 0 1 17 6.5v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 13.5v-7A1.5 1.5 0 0 1 4.5 5ZM3.5 6.5 10 11l6.5-4.5',
    'map-pin':
      'M10 17.5s5.5-4.6 5.5-9a5.5 5.5 0 0 0-11 0c0 4.4 5.5 9 5.5 9ZM10 10.3a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z',
    'page-blank': PAGE,
    phone:
      'M5 3.5h2.6l1.3 3.6-1.7 1.2a9 9 0 0 0 4.5 4.5l1.2-1.7 3.6 1.3V15a1.5 1.5 0 0 1-1.5 1.5C8.6 16.5 3.5 11.4 3.5 5A1.5 1.5 0 0 1 5 3.5Z',
    plus: 'M10 4v12M4 10h12',
    profile: USER,
    reload: 'M15.8 8.2A6.2 6.2 0 1 0 16 11.5M16 4.5v3.8h-3.8',
    search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4',
    'settings-slider': 'M4 7h7M15 7h1M4 13h1M9 13h7M13 5v4M7 11v4',
    sparkle: 'M10 3c.6 4 2.9 6.4 7 7-4.1.6-6.4 3-7 7-.6-4-2.9-6.4-7-7 4.1-.6 6.4-3 7-7Z',
    'square-image': PICTURE,
    star: 'm10 3.2 2.1 4.3 4.7.7-3.4 3.3.8 4.7L10 14l-4.2 2.2.8-4.7-3.4-3.3 4.7-.7L10 3.2Z',
    user: USER,
    write: PENCIL,
    'write-alt': PENCIL,
  }),
);
const SIZES = new Map(
  Object.entries({ xs: '14px', sm: '16px', md: '18px', lg: '20px', xl: '24px', '2xl': '28px', '3xl': '34px' }),
);

export function Icon({ node }: NodeProps) {
  return <WidgetIcon name={node['name']} size={node['size']} color={node['color']} />;
}

/** An icon by its name. An unknown one leaves its place empty, so that what stands beside it stands where it should. */
export function WidgetIcon({ name, size, color }: { name: unknown; size?: unknown; color?: unknown }) {
  const path = PATHS.get(text(name));
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
