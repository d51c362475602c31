import type { UserMessageItem } from '../../../protocol/item.ts';
import type { Strings } from '../strings/en.ts';
import { MessageAttachmentsSlot } from './attachment-slots.tsx';
import { Heading } from './heading.tsx';
import { pure } from './pure.ts';
import { Tag } from './tag.tsx';

/** The visitor's message, as plain text: what somebody types is never markdown. */
export const Question = pure(({ item, strings }: { item: UserMessageItem; strings: Strings }) => (
  <article class="question">
    <Heading below={1} class="visually-hidden">
      {strings.you}
    </Heading>
    {item.quoted_text && (
      <blockquote class="quoted" dir="auto">
        {item.quoted_text}
      </blockquote>
    )}
    {item.attachments.length > 0 && <MessageAttachmentsSlot attachments={item.attachments} strings={strings} />}
    {item.content.length > 0 && (
      <div class="bubble" part="message-user" dir="auto">
        {item.content.map((part) => (part.type === 'input_tag' ? <Tag tag={part} /> : part.text))}
      </div>
    )}
  </article>
));
