import { element, panel, selection } from 'virtual:chunks';
import { findScript } from './find-script.ts';
import { answerRenewal } from './load-chunk.ts';
import { startWidget } from './widget.ts';

// A page may carry the tag twice, or load it again after a client-side navigation: the first copy stays the only one.
const running = Symbol.for('pagewise');
const page = window as { [running]?: true };

const chunks = { panel, element, selection };

if (!answerRenewal(chunks) && !page[running]) {
  const script = findScript();
  if (script) {
    page[running] = true;
    const end = (): unknown => delete page[running];
    try {
      startWidget(script, chunks, end);
    } catch (error) {
      // A page may have taken away or changed what every page has. Its own scripts go on as if we were not there.
      end();
      console.error('Pagewise: the chat cannot run on this page.', error);
    }
  } else
    console.error('Pagewise: its script tag was not found; the tag needs src=".../widget.js" and data-site-token.');
}
