import type { Settings } from '../options.ts';
import { readContent } from '../read-content.ts';
import type { Chat } from '../state/chat.ts';
import type { Failure } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { FailureBlock } from './failure-block.tsx';
import { Heading } from './heading.tsx';

interface StartScreenProps {
  settings: Settings;
  strings: Strings;
  chat: Chat;
  /** Why the first message could not be sent. */
  failure: Failure | undefined;
  /** The chip that was clicked goes away: the focus needs a place. */
  onSent: () => void;
}

/** A greeting and a few first questions; a click asks at once. */
export function StartScreen({ settings, strings, chat, failure, onSent }: StartScreenProps) {
  return (
    <div class="start">
      <Heading below={0} class="greeting" dir="auto">
        {settings.greeting ?? strings.greeting}
      </Heading>
      {settings.prompts.length > 0 && (
        <ul class="prompts">
          {settings.prompts.map(({ label, prompt }) => (
            <li>
              <button
                type="button"
                class="prompt"
                dir="auto"
                onClick={() => {
                  const given = typeof prompt === 'string' ? { text: prompt } : { content: prompt };
                  void chat.send({ content: readContent(given) });
                  onSent();
                }}
              >
                {label}
              </button>
            </li>
          ))}
        </ul>
      )}
      {failure && <FailureBlock failure={failure} strings={strings} onRetry={chat.retry} />}
    </div>
  );
}
