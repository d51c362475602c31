import { render } from 'preact';
import { en } from '../widget/element/strings/en.ts';
import { Markdown } from '../widget/element/view/markdown.tsx';

declare global {
  interface Window {
    /** Draws a text that grows by one chunk a time through the element's own renderer; gives the milliseconds. */
    measureMarkdown: (chunks: string[]) => number;
  }
}

window.measureMarkdown = (chunks) => {
  const root = document.createElement('div');
  document.body.append(root);
  const draw = (text: string, streaming: boolean) =>
    render(<Markdown text={text} streaming={streaming} sources={[]} imageDomains={undefined} strings={en} />, root);
  let text = '';
  const start = performance.now();
  for (const chunk of chunks) {
    text += chunk;
    draw(text, true);
  }
  draw(text, false);
  const elapsed = performance.now() - start;
  if (root.textContent?.length === 0) throw new Error('nothing was drawn');
  root.remove();
  return elapsed;
};
