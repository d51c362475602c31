import type { ThreadItem } from '../../../protocol/item.ts';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { FeedbackKind, RunningTurn } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { ItemView } from './item-view.tsx';
import { MessageActionsSlot } from './message-actions-slot.tsx';

interface TurnViewProps {
  items: readonly ThreadItem[];
  keys: Readonly<Record<string, string>>;
  last: boolean;
  /** These items are of the turn that runs. */
  running: boolean;
  turn: RunningTurn | undefined;
  interrupted: ReadonlySet<string>;
  imageDomains: readonly string[] | undefined;
  rated: FeedbackKind | undefined;
  chat: Chat;
  settings: Settings;
  strings: Strings;
}

/** A question with all that answers it, and what can be done with the answer once it is whole. */
export function TurnView(props: TurnViewProps) {
  const { items, keys, last, running, turn, interrupted, imageDomains, rated, settings, chat, strings } = props;
  const answer = items.findLast(isAnswer);
  const writing = items.findLast((item) => item.type === 'assistant_message');
  // A call for this page shows nothing: what came before it is still the newest to be seen.
  const newest = items.findLast((item) => item.type !== 'client_tool_call');
  const answered = items.filter((item) => item.type !== 'user_message').map((item) => item.id);
  const text = () => items.flatMap(copyText).join('\n\n');
  return (
    <>
      {items.map((item) => (
        <ItemView
          key={keys[item.id] ?? item.id}
          item={item}
          streaming={(running && item === writing) || interrupted.has(item.id)}
          newest={running && item === newest}
          turn={turn}
          imageDomains={imageDomains}
          chat={chat}
          settings={settings}
          strings={strings}
        />
      ))}
      {answer && !running && (
        <MessageActionsSlot
          key="actions"
          strings={strings}
          text={text() ? text : undefined}
          onRate={settings.feedback ? (kind) => chat.rate(answer.id, answered, kind) : undefined}
          rated={rated}
          onRegenerate={settings.retry && last ? chat.retry : undefined}
        />
      )}
    </>
  );
}

function isAnswer({ type }: ThreadItem): boolean {
  return type === 'assistant_message' || type === 'widget' || type === 'generated_image';
}

/** As the model wrote it: pasted elsewhere, markdown says more than its drawing. */
function copyText(item: ThreadItem): string[] {
  if (item.type === 'assistant_message') return item.content.map((part) => part.text);
  return item.type === 'widget' && item.copy_text ? [item.copy_text] : [];
}
