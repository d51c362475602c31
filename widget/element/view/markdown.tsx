import type { ComponentChild } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Source } from '../../../protocol/item.ts';
import { type Block, MarkdownStream } from '../markdown/markdown-stream.ts';
import { type RenderContext, renderTokens } from '../markdown/render-tokens.tsx';
import type { Strings } from '../strings/en.ts';
import { Citation } from './citation.tsx';
import { CodeBlock } from './code-block.tsx';

interface MarkdownProps {
  text: string;
  /** More text is expected: unfinished marks at the end are shown closed. */
  streaming: boolean;
  sources: readonly Source[];
  imageDomains: readonly string[] | undefined;
  strings: Strings;
}

/** Markdown as it streams. A block that did not change keeps its vnode, so Preact passes over it without a look. */
export function Markdown({ text, streaming, sources, imageDomains, strings }: MarkdownProps) {
  const stream = useRef<MarkdownStream | null>(null);
  stream.current ??= new MarkdownStream();
  // Sources only ever grow within an answer: their number says whether citations have to be drawn again.
  const [context, drawn] = useMemo(() => {
    const context: RenderContext = {
      baseUrl: document.baseURI,
      imageDomains,
      labels: strings,
      citation: (numbers) => <Citation numbers={numbers} sources={sources} strings={strings} />,
      codeBlock: (code, language) => <CodeBlock code={code} language={language} strings={strings} />,
    };
    return [context, new WeakMap<Block, ComponentChild>()] as const;
  }, [sources.length, imageDomains, strings]);
  const { stable, tail } = stream.current.update(text, !streaming);
  const draw = (block: Block) => {
    const known = drawn.get(block);
    if (known !== undefined) return known;
    const [node] = renderTokens([block.token], context);
    drawn.set(block, node ?? null);
    return node;
  };
  // One vnode for all that is settled: its hundred blocks are compared when one joins them, not at every chunk.
  const settled = useMemo(() => <>{stable.map(draw)}</>, [stable, drawn]);
  return (
    <div class="markdown">
      {settled}
      {tail.map(draw)}
    </div>
  );
}
