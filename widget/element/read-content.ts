import type { OpenAIChatKit } from '@openai/chatkit';
import type { UserMessageContent } from '../../protocol/item.ts';

type Given = Pick<Parameters<OpenAIChatKit['sendUserMessage']>[0], 'text' | 'content'>;

/** What a host gave as `content` or `text`, in the wire's shape: the reference server requires `data` on a tag. */
export function readContent({ text, content }: Given): UserMessageContent[] {
  if (!content) return text ? [{ type: 'input_text', text }] : [];
  return content.map((part) =>
    part.type === 'input_text' ? part : { ...part, data: part.data ?? {}, interactive: part.interactive ?? false },
  );
}
