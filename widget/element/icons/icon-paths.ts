const CIRCLE = 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z';
const PAGE = 'M5.5 3h6L15 6.5V16a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 3v4h4';
const USER = 'M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM4 16.8c.6-3 2.9-4.6 6-4.6s5.4 1.6 6 4.6';
const FRAME = 'M4.5 4h11A1.5 1.5 0 0 1 17 5.5v9a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-9A1.5 1.5 0 0 1 4.5 4Z';
const PICTURE = `${FRAME}M3.5 13.5l3.7-3.7 3 3 2.3-2.3 4 4M13 7.8v.1`;
const PENCIL = 'm4.5 15.5.8-3.4 8-8a1.8 1.8 0 0 1 2.6 2.6l-8 8-3.4.8ZM12 5.4l2.6 2.6';
const CHECKED = `${CIRCLE}M7 10.2l2.2 2.2L13 8.2`;
const STAR = 'm10 3.2 2.1 4.3 4.7.7-3.4 3.3.8 4.7L10 14l-4.2 2.2.8-4.7-3.4-3.3 4.7-.7L10 3.2Z';
const SPARKLE = 'M10 3c.6 4 2.9 6.4 7 7-4.1.6-6.4 3-7 7-.6-4-2.9-6.4-7-7 4.1-.6 6.4-3 7-7Z';
const BOOK = 'M5 15.5V4.8A1.8 1.8 0 0 1 6.8 3H15v14H6.5A1.5 1.5 0 0 1 5 15.5 1.5 1.5 0 0 1 6.5 14H15';
const SCREEN = 'M4 4h12v9H4ZM10 13v3.5M7 16.5h6';
const MENU = 'M4 6h12M4 10h12M4 14h12';
const HOME = 'M3.5 9 10 3.5 16.5 9v7.5h-4.4V12H7.9v4.5H3.5Z';
const [LEFT, RIGHT] = [`${FRAME}M8 4v12`, `${FRAME}M12 4v12`];
const [FLOAT_LEFT, FLOAT_RIGHT] = [`${FRAME}M5.5 6.5h3v7h-3Z`, `${FRAME}M11.5 6.5h3v7h-3Z`];
const DOTS = 'M5 10v.1M10 10v.1M15 10v.1';
const DOTS_DOWN = 'M10 5v.1M10 10v.1M10 15v.1';

/** Strokes on a 20 × 20 grid, drawn for this element, by the protocol's names for icons. */
const PATHS = new Map(
  Object.entries({
    agent: 'M5 7h10a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM10 7V3.5M8 11v1.4M12 11v1.4',
    analytics: 'M4 16.5h12M5.5 13.5v-3M10 13.5V7M14.5 13.5V3.8',
    atom: 'M10 10v.1M3.9 6.5c-1.2 2.2 3 6.4 6.1 8.1s7.3 2.4 6.1-1.1-3-6.4-6.1-8.1S2.7 3 3.9 6.5ZM16.1 6.5c1.2 2.2-3 6.4-6.1 8.1s-7.3 2.4-6.1-1.1 3-6.4 6.1-8.1 7.3-2.4 6.1 1.1Z',
    'back-large': 'M16.5 10h-13m5.5-5.5L3.5 10 9 15.5',
    'back-small': 'M15 10H5m4-4-4 4 4 4',
    batch: 'M4 8h8.5v8.5H4ZM7 8V5.5h8.5V14h-3',
    bolt: 'M11 2.8 4.5 11.5h5L9 17.2l6.5-8.7h-5l.5-5.7Z',
    'book-clock': `${BOOK}M10 6v2.5l1.5 1`,
    'book-closed': BOOK,
    'book-open':
      'M10 5.5C8.5 4.3 6.5 4 3.5 4v11c3 0 5 .3 6.5 1.5 1.5-1.2 3.5-1.5 6.5-1.5V4c-3 0-5 .3-6.5 1.5ZM10 5.5v11',
    bug: 'M10 6.5A3.7 3.7 0 0 0 6.3 10v3a3.7 3.7 0 0 0 7.4 0v-3A3.7 3.7 0 0 0 10 6.5ZM7.6 6.8a2.4 2.4 0 0 1 4.8 0M10 6.5v10M6.3 11.5H3.2M16.8 11.5h-3.1M6.5 8.7 4.2 6.8M13.5 8.7l2.3-1.9M6.6 14.4l-2.2 1.8M13.4 14.4l2.2 1.8',
    calendar: 'M4.5 5h11a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1ZM3.5 8.5h13M7 3v3M13 3v3',
    chart: 'M3.5 3.5v13h13M6.5 12.5l3-3.5 2.5 2 4-5',
    'chat-temporary':
      'M6.2 4.1A7 7 0 0 1 10 3M13.6 4A7 7 0 0 1 16.8 8.5M16.6 12.3A7 7 0 0 1 10 17H4l1.3-2A7 7 0 0 1 3.5 7.4',
    check: 'm4 10.5 4 4 8-9',
    'check-circle': CHECKED,
    'check-circle-filled': CHECKED,
    'chevron-left': 'm12 5-5 5 5 5',
    'chevron-right': 'm8 5 5 5-5 5',
    'circle-question': `${CIRCLE}M8 8.2a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M10 13.6v.1`,
    clock: `${CIRCLE}M10 6v4l2.6 1.7`,
    close: 'm5.5 5.5 9 9M14.5 5.5l-9 9',
    'collapse-large': 'M16.5 8.5h-5v-5M3.5 11.5h5v5M11.5 8.5l5-5M8.5 11.5l-5 5',
    'collapse-left': 'M4 4v12M16.5 10H8m3.5-3.5L8 10l3.5 3.5',
    'collapse-right': 'M16 4v12M3.5 10H12M8.5 6.5 12 10l-3.5 3.5',
    'collapse-small': 'M14.5 9h-3.5V5.5M5.5 11H9v3.5',
    compass: `${CIRCLE}M12.8 7.2l-1.6 4-4 1.6 1.6-4Z`,
    compose:
      'M9.2 4H6a2.5 2.5 0 0 0-2.5 2.5V14A2.5 2.5 0 0 0 6 16.5h7.5A2.5 2.5 0 0 0 16 14v-3.2M8 12l.5-2.6 6-6a1.5 1.5 0 0 1 2.1 2.1l-6 6L8 12Z',
    confetti:
      'm3.5 16.5 3.8-10 6.2 6.2-10 3.8ZM12 3.5c.8 1 .8 2.2 0 3.2M13 10c1.2-1.2 2.4-1.4 3.7-.8M15.5 4.5v.1M9 3.8v.1M16.5 13v.1',
    cube: 'M10 3 16 6.3v7.4L10 17l-6-3.3V6.3ZM4 6.3l6 3.4 6-3.4M10 9.7V17',
    'dark-mode': 'M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3Z',
    desktop: SCREEN,
    document: `${PAGE}M7.5 10.5h5M7.5 13.5h5`,
    dot: 'M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
    'dots-horizontal': DOTS,
    'dots-horizontal-circle': `${CIRCLE}M7 10v.1M10 10v.1M13 10v.1`,
    'dots-vertical': DOTS_DOWN,
    'dots-vertical-circle': `${CIRCLE}M10 7v.1M10 10v.1M10 13v.1`,
    'double-chevron-left': 'm9.5 5-5 5 5 5M15.5 5l-5 5 5 5',
    'double-chevron-right': 'm4.5 5 5 5-5 5M10.5 5l5 5-5 5',
    'empty-circle': CIRCLE,
    'expand-large': 'M11.5 3.5h5v5M8.5 16.5h-5v-5M16.5 3.5l-5.5 5.5M3.5 16.5 9 11',
    'expand-small': 'M11.5 5.5h3V9M8.5 14.5h-3V11',
    'external-link':
      'M8.5 4.5h-3A1.5 1.5 0 0 0 4 6v8.5A1.5 1.5 0 0 0 5.5 16H14a1.5 1.5 0 0 0 1.5-1.5v-3M11.5 3.5h5v5M16.5 3.5l-7 7',
    globe: `${CIRCLE}M3 10h14M10 3c2 2 2.8 4.4 2.8 7S12 15 10 17c-2-2-2.8-4.4-2.8-7S8 5 10 3Z`,
    grid: 'M4 4h4.5v4.5H4ZM11.5 4H16v4.5h-4.5ZM4 11.5h4.5V16H4ZM11.5 11.5H16V16h-4.5Z',
    hamburger: 'M3.5 7h13M3.5 13h13',
    history: 'M4 6.2A7 7 0 1 1 3 10M4 2.9v3.4h3.4M10 6.3V10l2.6 1.7',
    home: HOME,
    'home-alt': 'M3.5 9 10 3.5 16.5 9v7.5h-13ZM8 13.5h4',
    images: PICTURE,
    info: `${CIRCLE}M10 9.2v4.3M10 6.5v.1`,
    keys: 'M7 16.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6ZM9.4 10.8 16 4.2M13 7.2l2.2 2.2',
    lab: 'M8 3v5l-4 7.2A1.2 1.2 0 0 0 5 17h10a1.2 1.2 0 0 0 1-1.8L12 8V3M7 3h6M6 12h8',
    lifesaver: `${CIRCLE}M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM5.2 5.2l2.6 2.6M12.2 12.2l2.6 2.6M14.8 5.2l-2.6 2.6M7.8 12.2l-2.6 2.6`,
    'light-mode':
      'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM10 2.5v1.8M10 15.7v1.8M2.5 10h1.8M15.7 10h1.8M4.7 4.7 6 6M14 14l1.3 1.3M15.3 4.7 14 6M6 14l-1.3 1.3',
    lightbulb: 'M7.5 13.5a5 5 0 1 1 5 0V15h-5v-1.5ZM8 17.5h4',
    mail: `${FRAME}M3.5 6 10 11l6.5-5`,
    'map-pin':
      'M10 17.5s5.5-4.6 5.5-9a5.5 5.5 0 0 0-11 0c0 4.4 5.5 9 5.5 9ZM10 10.3a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z',
    maps: 'm3.5 5.5 4.3-2 4.4 2 4.3-2v11l-4.3 2-4.4-2-4.3 2ZM7.8 3.5v11M12.2 5.5v11',
    menu: MENU,
    'menu-inverted': 'M4 6h12M8 10h8M4 14h12',
    mobile: 'M6.5 3h7a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM9 14.5h2',
    name: `${FRAME}M6 13c.3-1.3 1.2-2 2.3-2s2 .7 2.3 2M8.3 9.3a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6ZM13 8h1.5M13 11h1.5`,
    notebook: 'M6 3h9v14H6ZM4 6h3M4 10h3M4 14h3M9.5 7H12',
    'notebook-pencil': 'M14 8V3H5v14h4M3.5 6h3M3.5 10h3M3.5 14h3M11 16.5l.5-2.2 4-4 1.7 1.7-4 4-2.2.5Z',
    'open-left': 'M16 4v12M12.5 10H4m3.5-3.5L4 10l3.5 3.5',
    'open-right': 'M4 4v12M7.5 10H16m-3.5-3.5L16 10l-3.5 3.5',
    'page-blank': PAGE,
    phone:
      'M5 3.5h2.6l1.3 3.6-1.7 1.2a9 9 0 0 0 4.5 4.5l1.2-1.7 3.6 1.3V15a1.5 1.5 0 0 1-1.5 1.5C8.6 16.5 3.5 11.4 3.5 5A1.5 1.5 0 0 1 5 3.5Z',
    play: 'M6 4v12l10-6Z',
    plus: 'M10 4v12M4 10h12',
    profile: USER,
    'profile-card': `${FRAME}M5.5 13.2c.3-1.4 1.3-2.2 2.5-2.2s2.2.8 2.5 2.2M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM12.8 8.5h2M12.8 11.5h2`,
    reload: 'M15.8 8.2A6.2 6.2 0 1 0 16 11.5M16 4.5v3.8h-3.8',
    search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4',
    'settings-cog':
      'M8.6 3.5h2.8l.4 2 1.7 1 2-.7 1.4 2.4-1.6 1.4v1.8l1.6 1.4-1.4 2.4-2-.7-1.7 1-.4 2H8.6l-.4-2-1.7-1-2 .7-1.4-2.4 1.6-1.4V9.6L3.1 8.2l1.4-2.4 2 .7 1.7-1ZM10 12.6a2.1 2.1 0 1 0 0-4.2 2.1 2.1 0 0 0 0 4.2Z',
    'settings-slider': 'M4 7h7M15 7h1M4 13h1M9 13h7M13 5v4M7 11v4',
    share: 'M10 12V3.5M6.5 6.8 10 3.3l3.5 3.5M4.5 10.5V15A1.5 1.5 0 0 0 6 16.5h8a1.5 1.5 0 0 0 1.5-1.5v-4.5',
    'sidebar-collapse-left': `${LEFT}m13.5 8-2 2 2 2`,
    'sidebar-collapse-right': `${RIGHT}m6.5 8 2 2-2 2`,
    'sidebar-floating-left': FLOAT_LEFT,
    'sidebar-floating-open-left': `${FLOAT_LEFT}m11.5 8 2 2-2 2`,
    'sidebar-floating-open-right': `${FLOAT_RIGHT}m8.5 8-2 2 2 2`,
    'sidebar-floating-right': FLOAT_RIGHT,
    'sidebar-left': LEFT,
    'sidebar-open-left': `${LEFT}m11.5 8 2 2-2 2`,
    'sidebar-open-left-alt': `${LEFT}M5.3 7h.6M5.3 9.5h.6`,
    'sidebar-open-right': `${RIGHT}m8.5 8-2 2 2 2`,
    'sidebar-open-right-alt': `${RIGHT}M14.2 7h.6M14.2 9.5h.6`,
    'sidebar-right': RIGHT,
    sparkle: SPARKLE,
    'sparkle-double': `${SPARKLE}M15.5 2.5v3M14 4h3`,
    'square-code': `${FRAME}m8 8-2 2 2 2M12 8l2 2-2 2`,
    'square-image': PICTURE,
    'square-text': `${FRAME}M6.5 8h7M6.5 11.5h4.5`,
    star: STAR,
    'star-filled': STAR,
    suitcase:
      'M4.5 6.5h11a1 1 0 0 1 1 1V15a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V7.5a1 1 0 0 1 1-1ZM7.5 6.5v-2a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1v2M3.5 10.5h13',
    trash: 'M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5',
    user: USER,
    wreath:
      'M8 16.5C4.5 15 3 12 3.5 8M12 16.5c3.5-1.5 5-4.5 4.5-8.5M4 12.5 2.8 10.8M16 12.5l1.2-1.7M5.5 5.5 4 4M14.5 5.5 16 4M8 16.5h4',
    write: PENCIL,
    'write-alt': PENCIL,
    'write-alt2': PENCIL,
  }),
);

/** The strokes of an icon; of a Lucide one only where we have one of that name. Undefined for one that is not known. */
export function iconPath(name: string): string | undefined {
  return PATHS.get(name.replace(/^lucide:/, ''));
}
