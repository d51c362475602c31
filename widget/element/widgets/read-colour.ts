import { record } from './read-prop.ts';

/** The protocol's words for colours. */
const WORDS = new Map(
  Object.entries({
    prose: '--text',
    primary: '--text',
    emphasis: '--text',
    secondary: '--text-soft',
    tertiary: '--text-soft',
    success: '--success',
    warning: '--warning',
    danger: '--danger',
    surface: '--background',
    'surface-secondary': '--fill',
    'surface-tertiary': '--line',
    'surface-elevated': '--raised',
    'surface-elevated-secondary': '--fill',
    default: '--line',
    subtle: '--line',
    strong: '--line-strong',
  }),
);
/** Hue and chroma of the primitives, whose numbers go from 0, white, to 1000, black. */
const HUES = new Map([
  ['gray', [0, 0]],
  ['red', [25, 0.19]],
  ['orange', [50, 0.17]],
  ['yellow', [90, 0.15]],
  ['green', [150, 0.15]],
  ['blue', [255, 0.17]],
  ['purple', [300, 0.18]],
  ['pink', [350, 0.18]],
]);
const GRADIENT = /^(?:repeating-)?(?:linear|radial|conic)-gradient\([^\\;{}]*\)$/i;
/** Functions that fetch, or could bring in one that does. */
const FETCHES = /\b(?:url|src|image|image-set|cross-fade|element|paint|attr|var|env)\s*\(/i;

/**
 * A colour as CSS: a word of the protocol, a primitive such as `blue-500`, whatever else CSS may know, or one for each
 * scheme. For properties that take colours alone: there a browser drops everything else, an address too.
 */
export function colour(value: unknown): string | undefined {
  if (typeof value === 'string') return one(value);
  const { light, dark } = record(value);
  const [day, night] = [one(light), one(dark)];
  return day && night ? `light-dark(${day}, ${night})` : (day ?? night);
}

/** A background as CSS: a colour, or a gradient. It can name no address. */
export function background(value: unknown): Record<string, string> {
  if (typeof value === 'string' && GRADIENT.test(value))
    return FETCHES.test(value) ? {} : { 'background-image': value };
  const plain = colour(value);
  return plain ? { 'background-color': plain } : {};
}

function one(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const word = WORDS.get(value);
  if (word) return `var(${word})`;
  const [, name = '', step = ''] = /^([a-z]+)-(\d{1,4})$/.exec(value) ?? [];
  if (name === 'alpha') return `color-mix(in srgb, var(--text) ${Number(step)}%, transparent)`;
  const [hue = 0, chroma = 0] = HUES.get(name) ?? [];
  return HUES.has(name) ? `oklch(${1 - Math.min(Number(step), 1000) / 1250} ${chroma} ${hue})` : value;
}
