import type { WidgetNode } from '../../../protocol/widget.ts';
import { background, colour } from './read-colour.ts';
import { oneOf, record, text } from './read-prop.ts';

type Style = Record<string, string>;

/** Pixels of a step of spacing. */
const STEP = 4;
const RADII = new Map(
  Object.entries({
    none: '0',
    '2xs': '2px',
    xs: '4px',
    sm: '6px',
    md: '8px',
    lg: '10px',
    xl: '12px',
    '2xl': '16px',
    '3xl': '20px',
    '4xl': '24px',
    full: '999px',
    '100%': '100%',
  }),
);
const SIDES = { top: ['top', 'y'], right: ['right', 'x'], bottom: ['bottom', 'y'], left: ['left', 'x'] };
const SIZES = {
  width: ['width', 'size'],
  height: ['height', 'size'],
  'min-width': ['minWidth', 'minSize'],
  'min-height': ['minHeight', 'minSize'],
  'max-width': ['maxWidth', 'maxSize'],
  'max-height': ['maxHeight', 'maxSize'],
};
const PLACES = { start: 'flex-start', center: 'center', end: 'flex-end', stretch: 'stretch' };
const ALIGN = new Map(Object.entries({ ...PLACES, baseline: 'baseline' }));
const JUSTIFY = new Map(
  Object.entries({ ...PLACES, between: 'space-between', around: 'space-around', evenly: 'space-evenly' }),
);

/** How large a node is, and how it sits among its neighbours. Numbers are pixels, those of spacing steps of four. */
export function blockStyle(node: WidgetNode): Style {
  const sizes = Object.entries(SIZES).map(([property, [own = '', both = '']]) => [
    property,
    length(node[own] ?? node[both], 1),
  ]);
  return present([
    ...sizes,
    ['aspect-ratio', plain(node['aspectRatio'])],
    ['border-radius', RADII.get(text(node['radius']))],
    ['flex', plain(node['flex'])],
    ...spacing('margin', node['margin']),
  ]);
}

/** All of a container: its block, its inside, and how its children stand. */
export function boxStyle(node: WidgetNode): Style {
  return {
    ...blockStyle(node),
    ...background(node['background']),
    ...present([
      ['gap', length(node['gap'], STEP)],
      ['align-items', ALIGN.get(text(node['align']))],
      ['justify-content', JUSTIFY.get(text(node['justify']))],
      ['flex-wrap', node['wrap'] === undefined ? undefined : oneOf(node['wrap'], ['nowrap', 'wrap', 'wrap-reverse'])],
      ...spacing('padding', node['padding']),
      ...borders(node['border']),
    ]),
  };
}

/** Padding alone, and its inline part as `--inset`, into which a flush child reaches. */
export function paddingStyle({ padding }: WidgetNode): Style {
  const inset = typeof padding === 'number' ? length(padding, STEP) : undefined;
  return present([...spacing('padding', padding), ['--inset', inset]]);
}

export function length(value: unknown, unit: number): string | undefined {
  if (typeof value !== 'number') return plain(value);
  return Number.isFinite(value) && value >= 0 ? `${value * unit}px` : undefined;
}

/** Steps around a box: one for all sides, or each by its name or axis. */
function spacing(property: 'padding' | 'margin', value: unknown): [string, string | undefined][] {
  if (typeof value !== 'object') return [[property, length(value, STEP)]];
  return bySide(value).map(([side, given]) => [`${property}-${side}`, length(given, STEP)]);
}

function borders(value: unknown): [string, string | undefined][] {
  const given = record(value);
  if (typeof value === 'number' || 'size' in given) return [['border', border(value)]];
  return bySide(value).map(([side, one]) => [`border-${side}`, one === undefined ? undefined : border(one)]);
}

function border(value: unknown): string {
  const { size, color, style } = record(typeof value === 'number' ? { size: value } : value);
  const drawn = oneOf(style, ['solid', 'dashed', 'dotted', 'double', 'groove', 'ridge', 'inset', 'outset']);
  return `${length(size, 1) ?? 0} ${drawn} ${colour(color) ?? 'var(--line)'}`;
}

function bySide(value: unknown): [string, unknown][] {
  const given = record(value);
  return Object.entries(SIDES).map(([side, [own = '', axis = '']]) => [side, given[own] ?? given[axis]]);
}

/** As it came: what CSS does not know, the browser drops. */
function plain(value: unknown): string | undefined {
  return text(value) || undefined;
}

function present(entries: (string | undefined)[][]): Style {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined) as [string, string][]);
}
