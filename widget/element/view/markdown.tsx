import { type ComponentChild, Fragment } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Source } from '../../../protocol/item.ts';
import { type Block, MarkdownStream } from '../markdown/markdown-stream.ts';
import { type RenderContext, renderTokens } from '../markdown/render-tokens.tsx';
import type { Strings } from '../strings/en.ts';
import { Citation } from './citation.tsx';
import { CodeBlock } from './code-block.tsx';
import { Deeplink } from './deeplink.tsx';

/** Blocks that are compared as one: a long answer has some two hundred. */
const GROUP = 16;

interface Group {
  members: readonly Block[];
  drawn: WeakMap<Block, ComponentChild>;
  node: ComponentChild;
}

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
  const shown = useRef<Group[]>([]);
  stream.current ??= new MarkdownStream();
  // Sources only ever grow within an answer: their number says whether citations have to be drawn again.
  const [context, drawn] = useMemo(() => {
    const context: RenderContext = {
      baseUrl: document.baseURI,
      imageDomains,
      labels: strings,
      citation: (numbers) => <Citation numbers={numbers} sources={sources} strings={strings} />,
      codeBlock: (code, language) => <CodeBlock code={code} language={language} strings={strings} />,
      deeplink: (link, words) => <Deeplink {...link}>{words}</Deeplink>,
    };
    return [context, new WeakMap<Block, ComponentChild>()] as const;
  }, [sources.length, imageDomains, strings]);
  const { stable, tail } = stream.current.update(text, !streaming);
  const blocks = [...stable, ...tail];
  const draw = (block: Block) => {
    const known = drawn.get(block);
    if (known !== undefined) return known;
    const [node] = renderTokens([block.token], context);
    drawn.set(block, node ?? null);
    return node;
  };
  // A block stays in its group for good, so it is never mounted twice, and a group without a change is one comparison.
  const groups: Group[] = [];
  for (let start = 0; start < blocks.length; start += GROUP) {
    const members = blocks.slice(start, start + GROUP);
    const known = shown.current[groups.length];
    const same =
      known?.drawn === drawn &&
      known.members.length === members.length &&
      members.every((block, index) => block === known.members[index]);
    groups.push(same ? known : { members, drawn, node: <Fragment key={groups.length}>{members.map(draw)}</Fragment> });
  }
  shown.current = groups;
  return (
    <div class="markdown" dir="auto">
      {groups.map(({ node }) => node)}
    </div>
  );
}
