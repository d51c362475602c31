import type { UserMessageContent } from '../../../protocol/item.ts';

export type Tag = Extract<UserMessageContent, { type: 'input_tag' }>;

/** Something of the host's that the draft names: the words `tagLabel(tag)` of its text, from `start` on. */
export interface DraftTag {
  start: number;
  tag: Tag;
}

export interface Draft {
  text: string;
  /** In the order of the text. */
  tags: readonly DraftTag[];
}

/** A tag as it stands in the text. */
export function tagLabel({ text }: Tag): string {
  return `@${text}`;
}

export function tagEnd({ start, tag }: DraftTag): number {
  return start + tagLabel(tag).length;
}

export function draftOf(content: readonly UserMessageContent[]): Draft {
  let text = '';
  const tags: DraftTag[] = [];
  for (const part of content) {
    if (part.type === 'input_tag') tags.push({ start: text.length, tag: part });
    text += part.type === 'input_tag' ? tagLabel(part) : part.text;
  }
  return { text, tags };
}

/** What is sent of a draft: without the white space around it, and nothing of a draft that is nothing else. */
export function contentOf({ text, tags }: Draft): UserMessageContent[] {
  const parts: UserMessageContent[] = [];
  const write = (words: string): void => {
    if (words) parts.push({ type: 'input_text', text: words });
  };
  let at = 0;
  for (const entry of tags) {
    const between = text.slice(at, entry.start);
    write(parts.length === 0 ? between.trimStart() : between);
    parts.push(entry.tag);
    at = tagEnd(entry);
  }
  const rest = text.slice(at).trimEnd();
  write(parts.length === 0 ? rest.trimStart() : rest);
  return parts;
}

/** One draft after the other, on a line of its own. */
export function joinDrafts(first: Draft, second: Draft): Draft {
  if (!first.text || !second.text) return first.text ? first : second;
  const offset = first.text.length + 1;
  const moved = second.tags.map((entry) => ({ ...entry, start: entry.start + offset }));
  return { text: `${first.text}\n${second.text}`, tags: [...first.tags, ...moved] };
}
