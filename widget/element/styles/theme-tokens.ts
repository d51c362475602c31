import type { Theme } from '../options.ts';
import { lightness, onColour, type Rgb, readableOn, rgbOf } from './contrast.ts';

const RADII = { pill: '26px', round: '18px', soft: '10px', sharp: '3px' };
const SPACES = { compact: '0.8', normal: '1', spacious: '1.2' };
/** What text lies on where the host names no surface: the fills, which leave less contrast than the backgrounds. */
const LIGHT: Rgb = [0xf0, 0xf0, 0xf0];
const DARK: Rgb = [0x36, 0x36, 0x36];

/**
 * The theme option as custom properties. Only what the host chose is set here; every default stands in the style sheet,
 * where a page's `--chatkit-…` properties reach it.
 */
export function themeTokens({ colorScheme, radius, density, typography, color }: Theme): Record<string, string> {
  const { accent, surface, grayscale } = color ?? {};
  const { baseSize, fontFamily, fontFamilyMono } = typography ?? {};
  const tokens: Record<string, string | undefined> = {
    'color-scheme': colorScheme === 'auto' ? 'light dark' : colorScheme,
    '--radius': radius && RADII[radius],
    '--space': density && SPACES[density],
    '--font-size': within(baseSize, 14, 18)?.concat('px'),
    '--font': fontFamily,
    '--font-mono': fontFamilyMono,
    '--hue': within(grayscale?.hue, 0, 360),
    '--tint': within(grayscale?.tint, 0, 9),
    '--shade': within(grayscale?.shade, -4, 4),
    '--background': surface?.background,
    '--raised': surface?.foreground,
    ...(accent?.primary ? accentTokens(accent.primary, accent.level, surface?.background) : {}),
  };
  return Object.fromEntries(Object.entries(tokens).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/**
 * How far the accent reaches: the button that sends and what is chosen; from level 1 links and the focus too, from 2 a
 * breath of it in the visitor's messages, at 3 these as a whole. As text it is moved away from what it lies on until it
 * can be read.
 */
function accentTokens(primary: string, level = 1, background = ''): Record<string, string> {
  const rgb = rgbOf(primary);
  const onAccent = rgb ? onColour(rgb) : '#fff';
  const tokens: Record<string, string> = { '--accent': primary, '--on-accent': onAccent };
  if (rgb && level >= 1) {
    const place = background ? rgbOf(background) : undefined;
    // On a surface that the host names, whichever of the two schemes it is made for.
    tokens['--accent-text'] = place
      ? readableOn(rgb, place, lightness(place) > 0.179)
      : `light-dark(${readableOn(rgb, LIGHT, true)}, ${readableOn(rgb, DARK, false)})`;
  }
  if (level === 2) tokens['--bubble'] = 'color-mix(in oklab, var(--accent) 12%, var(--fill))';
  if (level > 2) Object.assign(tokens, { '--bubble': primary, '--on-bubble': onAccent });
  return tokens;
}

/** A number in its bounds, as text; undefined for anything else. */
function within(value: unknown, least: number, most: number): string | undefined {
  return typeof value === 'number' && !Number.isNaN(value) ? `${Math.min(most, Math.max(least, value))}` : undefined;
}
