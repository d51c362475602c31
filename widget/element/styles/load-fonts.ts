import type { FontObject } from '@openai/chatkit';
import { record } from '../record.ts';

/** What this page has been given already: options come again and again. */
const known = new Set<string>();

/**
 * Makes a host's fonts known to the document, once each; the browser fetches one when a text first needs it. What is no
 * font is passed over: the next family of the list stands in.
 */
export function loadFonts(sources: readonly FontObject[]): void {
  for (const source of sources) {
    const { family, src, weight, style, display, unicodeRange } = record(source);
    const key = JSON.stringify(source);
    if (typeof family !== 'string' || typeof src !== 'string' || known.has(key)) continue;
    known.add(key);
    try {
      // An address has no quotation mark of its own: URL writes it as %22.
      const face = new FontFace(family, `url("${new URL(src, document.baseURI).href}")`, {
        ...(typeof weight === 'string' || typeof weight === 'number' ? { weight: `${weight}` } : {}),
        ...(typeof style === 'string' ? { style } : {}),
        ...(typeof display === 'string' ? { display: display as FontDisplay } : {}),
        ...(typeof unicodeRange === 'string' ? { unicodeRange } : {}),
      });
      document.fonts.add(face);
    } catch (error) {
      console.warn('openai-chatkit: a font source is ignored', error);
    }
  }
}
