import answer from './answer.css?inline';
import autoHeight from './auto-height.css?inline';
import base from './base.css?inline';
import citation from './citation.css?inline';
import composer from './composer.css?inline';
import thread from './thread.css?inline';

let sheets: CSSStyleSheet[] | undefined;

/** The style sheets, parsed once for all elements of a page. Constructable: `<style>` is refused under a strict CSP. */
export function styleSheets(): CSSStyleSheet[] {
  sheets ??= [base, thread, answer, citation, composer, autoHeight].map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
  return sheets;
}

const late = new Map<string, CSSStyleSheet>();

/** Adds rules that come in a chunk of their own to the shadow root that `node` is in. */
export function addSheet(node: Node | null, css: string): void {
  const root = node?.getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  const sheet = late.get(css) ?? new CSSStyleSheet();
  if (root.adoptedStyleSheets.includes(sheet)) return;
  if (!late.has(css)) sheet.replaceSync(css);
  late.set(css, sheet);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
