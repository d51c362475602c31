import type { AssistantMessageItem, ThreadItem } from '../../../protocol/item.ts';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { FeedbackKind } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { Answer } from './answer.tsx';
import { MessageActions } from './message-actions.tsx';
import { Question } from './question.tsx';

interface TurnViewProps {
  items: readonly ThreadItem[];
  keys: Readonly<Record<string, string>>;
  last: boolean;
  running: boolean;
  interrupted: ReadonlySet<string>;
  imageDomains: readonly string[] | undefined;
  rated: FeedbackKind | undefined;
  chat: Chat;
  settings: Settings;
  strings: Strings;
}

/** A question with all that answers it, and what can be done with the answer once it is whole. */
export function TurnView(props: TurnViewProps) {
  const { items, keys, last, running, interrupted, imageDomains, rated, chat, settings, strings } = props;
  const answers = items.filter((item): item is AssistantMessageItem => item.type === 'assistant_message');
  const final = answers.at(-1);
  const answered = items.filter((item) => item.type !== 'user_message').map((item) => item.id);
  return (
    <>
      {items.map((item) => {
        if (item.type === 'user_message')
          return <Question key={keys[item.id] ?? item.id} item={item} strings={strings} />;
        if (item.type !== 'assistant_message') return null;
        const streaming = (running && item === final) || interrupted.has(item.id);
        return <Answer key={item.id} item={item} streaming={streaming} imageDomains={imageDomains} strings={strings} />;
      })}
      {final && !running && (
        <MessageActions
          key="actions"
          strings={strings}
          text={() => answers.map(answerText).join('\n\n')}
          onRate={settings.feedback ? (kind) => chat.rate(final.id, answered, kind) : undefined}
          rated={rated}
          onRegenerate={settings.retry && last ? chat.retry : undefined}
        />
      )}
    </>
  );
}

/** As the model wrote it: pasted elsewhere, markdown says more than its drawing. */
function answerText(item: AssistantMessageItem): string {
  return item.content.map((part) => part.text).join('\n\n');
}
