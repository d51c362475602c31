import { render } from 'preact';
import { afterEach, beforeEach } from 'vitest';
import { en } from '../../../../widget/element/strings/en.ts';
import { Markdown } from '../../../../widget/element/view/markdown.tsx';
import { dangersIn } from './dangers.ts';
import { ALLOWED_HOST } from './vectors.ts';

/** A place in the document for each test, and what draws an answer there and tells what is dangerous about it. */
export function drawing() {
  let root: HTMLElement;
  beforeEach(() => {
    root = document.createElement('div');
    document.body.append(root);
  });
  afterEach(() => {
    render(null, root);
    root.remove();
  });
  return {
    root: () => root,
    draw: (text: string, streaming = false): string[] => {
      const domains = [ALLOWED_HOST];
      render(<Markdown text={text} streaming={streaming} sources={[]} imageDomains={domains} strings={en} />, root);
      return dangersIn(root);
    },
  };
}
