import type { Chat } from '../state/chat.ts';
import { type Tag, tagLabel } from '../state/draft.ts';
import { editDraft } from './edit-draft.ts';

/** Puts a tag, or nothing, in the place of a part of the draft, with the caret behind it. */
export function replaceInDraft(input: HTMLTextAreaElement, chat: Chat, from: number, to: number, tag?: Tag): void {
  const { draft, tags } = chat.state.get();
  const rest = draft.slice(to);
  // One goes on writing after a tag: a space that is there already is enough.
  const words = tag ? tagLabel(tag) + (/^\s/.test(rest) ? '' : ' ') : '';
  const text = draft.slice(0, from) + words + rest;
  const caret = from + words.length;
  const edited = editDraft({ text: draft, tags }, text, caret);
  const added = tag ? [...edited.tags, { start: from, tag }].toSorted((a, b) => a.start - b.start) : edited.tags;
  chat.setDraft(text, added);
  // Now, and not with the next drawing, which would put the caret at the end.
  input.value = text;
  input.setSelectionRange(caret, caret);
}
