import answer from './answer.css?inline';
import base from './base.css?inline';
import composer from './composer.css?inline';
import history from './history.css?inline';
import sources from './sources.css?inline';
import thread from './thread.css?inline';

let sheets: CSSStyleSheet[] | undefined;

/** The style sheets, parsed once for all elements of a page. Constructable: `<style>` is refused under a strict CSP. */
export function styleSheets(): CSSStyleSheet[] {
  sheets ??= [base, thread, answer, sources, composer, history].map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
  return sheets;
}
