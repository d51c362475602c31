import type { Theme } from '../options.ts';

const RADII = { pill: '26px', round: '18px', soft: '10px', sharp: '3px' };
const SPACES = { compact: '0.8', normal: '1', spacious: '1.2' };

/**
 * The theme option as custom properties. Only what the host chose is set here; every default stands on `:host`, where
 * a page's own style sheet can reach it.
 */
export function themeTokens(theme: Theme): Record<string, string> {
  const { accent, surface } = theme.color ?? {};
  const { baseSize, fontFamily, fontFamilyMono } = theme.typography ?? {};
  const tokens: Record<string, string | undefined> = {
    'color-scheme': theme.colorScheme === 'auto' ? 'light dark' : theme.colorScheme,
    '--radius': theme.radius && RADII[theme.radius],
    '--space': theme.density && SPACES[theme.density],
    '--font-size': baseSize && `${baseSize}px`,
    '--font': fontFamily,
    '--font-mono': fontFamilyMono,
    '--accent': accent?.primary,
    '--on-accent': accent?.primary && readableOn(accent.primary),
    '--background': surface?.background,
    '--raised': surface?.foreground,
  };
  return Object.fromEntries(Object.entries(tokens).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** Black or white, whichever stands out more on a hex colour (WCAG relative luminance); white on any other notation. */
function readableOn(colour: string): string {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(colour.trim())?.[1];
  if (!hex) return '#fff';
  const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const value = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  // Equal contrast to both lies at 0.179.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}
