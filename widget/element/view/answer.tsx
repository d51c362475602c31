import type { AssistantMessageItem, Source } from '../../../protocol/item.ts';
import { markCitations } from '../markdown/citation-marks.ts';
import type { Strings } from '../strings/en.ts';
import { Heading } from './heading.tsx';
import { Markdown } from './markdown.tsx';
import { pure } from './pure.ts';
import { SourcesSlot } from './sources-slot.tsx';

interface AnswerProps {
  item: AssistantMessageItem;
  streaming: boolean;
  imageDomains: readonly string[] | undefined;
  strings: Strings;
}

/** One message of the assistant: its parts as markdown, then its sources. */
export const Answer = pure(({ item, streaming, imageDomains, strings }: AnswerProps) => {
  let sources: readonly Source[] = [];
  const texts = item.content.map((part) => {
    const cited = markCitations(part, sources);
    sources = cited.sources;
    return cited.text;
  });
  return (
    <article class="answer" part="message-assistant" data-item={item.id}>
      <Heading below={1} class="visually-hidden">
        {strings.assistant}
      </Heading>
      {texts.map((text) => (
        <Markdown text={text} streaming={streaming} sources={sources} imageDomains={imageDomains} strings={strings} />
      ))}
      {sources.length > 0 && <SourcesSlot sources={sources} strings={strings} />}
    </article>
  );
});
