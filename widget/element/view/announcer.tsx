import { useEffect, useRef, useState } from 'preact/hooks';
import { plainText } from '../markdown/plain-text.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';

/** Milliseconds after which the words go: who reads through the page would find the answer twice. */
const SAID = 4000;

/** Says an answer once, when it is whole: a live log would read it out token by token. */
export function Announcer({ state, strings }: { state: ChatState; strings: Strings }) {
  const [said, setSaid] = useState('');
  const wasRunning = useRef(false);
  const running = state.turn !== undefined;
  useEffect(() => {
    if (wasRunning.current && !running) {
      const answer = state.thread?.items.data.findLast((item) => item.type === 'assistant_message');
      if (answer) setSaid(`${strings.assistant}: ${plainText(answer.content.map((part) => part.text).join('\n\n'))}`);
    }
    if (running) setSaid('');
    wasRunning.current = running;
  }, [running]);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), SAID);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div class="visually-hidden" aria-live="polite">
      {said}
    </div>
  );
}
