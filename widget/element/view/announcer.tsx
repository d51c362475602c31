import { useEffect, useRef, useState } from 'preact/hooks';
import type { ThreadItem } from '../../../protocol/item.ts';
import { plainText } from '../markdown/plain-text.ts';
import type { ChatState } from '../state/chat-state.ts';
import { widgetText } from '../state/widget-text.ts';
import type { Strings } from '../strings/en.ts';
import { workflowTitle } from './workflow-title.ts';

/** Milliseconds after which the words go: who reads through the page would find the answer twice. */
const SAID = 4000;

interface AnnouncerProps {
  state: ChatState;
  locale: string;
  strings: Strings;
}

/**
 * Says what a workflow is at, and once a turn is over, all that it brought: a live log would read an answer out token
 * by token.
 */
export function Announcer({ state, locale, strings }: AnnouncerProps) {
  const [said, setSaid] = useState('');
  const wasRunning = useRef(false);
  const known = useRef<ReadonlySet<ThreadItem>>(new Set());
  const running = state.turn !== undefined;
  const items = state.thread?.items.data ?? [];
  const newest = items.at(-1);
  const step = running && newest?.type === 'workflow' ? workflowTitle(newest.workflow, true, strings, locale) : '';
  useEffect(() => {
    if (running) known.current = new Set(items);
    else if (wasRunning.current) {
      // An action may change a widget further up: what is new counts, wherever it stands.
      const words = items.flatMap((item) => (known.current.has(item) ? [] : spoken(item, strings)));
      const answer = words.length > 0 ? [`${strings.assistant}: ${words.join('\n\n')}`] : [];
      // Here and not where they stand: a live region that appears together with its words is often not heard.
      const notices = state.notices.map(({ title, message }) => [title, plainText(message)].filter(Boolean).join(': '));
      setSaid([...answer, ...notices].join('\n\n'));
    }
    wasRunning.current = running;
  }, [running]);
  useEffect(() => {
    if (running) setSaid(step);
  }, [running, step]);
  useEffect(() => {
    if (!said || running) return;
    const timer = setTimeout(() => setSaid(''), SAID);
    return () => clearTimeout(timer);
  }, [said, running]);
  return (
    <div class="visually-hidden" aria-live="polite">
      {said}
    </div>
  );
}

function spoken(item: ThreadItem, strings: Strings): string[] {
  if (item.type === 'assistant_message') return [plainText(item.content.map((part) => part.text).join('\n\n'))];
  if (item.type === 'structured_input') return item.inputs.map(({ question }) => question);
  if (item.type === 'widget') return [item.copy_text ?? widgetText(item.widget)];
  return item.type === 'generated_image' ? [strings.generatedImage] : [];
}
