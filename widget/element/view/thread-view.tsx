import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ThreadItem } from '../../../protocol/item.ts';
import type { Settings } from '../options.ts';
import type { Chat } from '../state/chat.ts';
import type { ChatState, RunningTurn } from '../state/chat-state.ts';
import type { Strings } from '../strings/en.ts';
import { FailureBlock } from './failure-block.tsx';
import { HostPage, type HostPageTools } from './host-page.ts';
import { Icon } from './icon.tsx';
import { Notices } from './notices.tsx';
import { OlderItems } from './older-items.tsx';
import { Progress } from './progress.tsx';
import { TurnView } from './turn-view.tsx';
import { WidgetPreviewSlot } from './widget-preview-slot.tsx';

/** Pixels from the end within which a reader counts as being there. */
const NEAR = 80;

interface ThreadViewProps {
  state: ChatState;
  chat: Chat;
  settings: Settings;
  strings: Strings;
}

/** The conversation and where it is scrolled to. */
export function ThreadView({ state, chat, settings, strings }: ThreadViewProps) {
  const { thread, pending, turn, failure, notices, keys, feedback, turnsStarted, loading, older, interrupted } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const items = [...(thread?.items.data ?? []), ...(pending ? [pending] : [])];
  const turns = groupTurns(items);

  // Older items come in above: what is being read stays where it is, in browsers without scroll anchoring too.
  const firstId = thread?.items.data[0]?.id;
  const shownFirst = useRef(firstId);
  const fromEnd = useRef(0);
  if (shownFirst.current !== firstId && scroller.current)
    fromEnd.current = scroller.current.scrollHeight - scroller.current.scrollTop;
  useLayoutEffect(() => {
    const node = scroller.current;
    const known = shownFirst.current;
    shownFirst.current = firstId;
    if (node && known && thread?.items.data.some(({ id }) => id === known))
      node.scrollTop = node.scrollHeight - fromEnd.current;
  }, [firstId]);

  // A new question goes to the top and the view stays there while the answer grows below it.
  useLayoutEffect(() => {
    const node = scroller.current;
    const question = node?.querySelector<HTMLElement>('.turn:last-of-type');
    if (!node || !question || turnsStarted === 0) return;
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    node.scrollTo({ top: settings.autoScroll ? node.scrollHeight : question.offsetTop - 8, behavior });
  }, [turnsStarted]);

  // A thread that was opened shows its end.
  useLayoutEffect(() => {
    if (!loading && turnsStarted === 0 && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [loading]);

  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node) return;
    if ((settings.autoScroll || turn?.isAction) && atEnd) node.scrollTop = node.scrollHeight;
    watchEnd();
  }, [thread, turn]);

  const followsGrowth = atEnd && (turnsStarted === 0 || settings.autoScroll);
  // Widgets, images and what stands below an answer arrive after its texts: the end stays in view.
  useEffect(() => {
    const node = scroller.current;
    if (!node?.firstElementChild || !followsGrowth) return;
    const observer = new ResizeObserver(() => {
      node.scrollTop = node.scrollHeight;
    });
    observer.observe(node.firstElementChild);
    return () => observer.disconnect();
  }, [followsGrowth, loading]);

  // What went wrong may stand below the fold, and the reader has nothing else to wait for.
  useLayoutEffect(() => {
    if (failure) scroller.current?.querySelector('.failure')?.scrollIntoView({ block: 'nearest' });
  }, [failure, turn]);

  function watchEnd(): void {
    const node = scroller.current;
    if (node) setAtEnd(node.scrollHeight - node.scrollTop - node.clientHeight < NEAR);
  }

  function jump(): void {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: 'smooth' });
    scroller.current?.focus({ preventScroll: true });
  }

  const { followDeeplink } = chat;
  const { entities } = settings;
  const hostPage = useMemo<HostPageTools>(
    () => ({
      followDeeplink,
      entities,
      drawPreview: (widget) => <WidgetPreviewSlot widget={widget} strings={strings} />,
    }),
    [followDeeplink, entities, strings],
  );
  const waiting = turn && (turn.progress !== undefined || !showsWork(items.at(-1), turn));
  return (
    <div class="thread">
      <div
        class="scroller"
        part="message-list"
        role="log"
        aria-live="off"
        aria-label={strings.conversation}
        aria-busy={turn !== undefined}
        tabIndex={0}
        ref={scroller}
        onScroll={watchEnd}
      >
        <div class="column">
          <HostPage.Provider value={hostPage}>
            {loading && <LoadingThread label={strings.loading} />}
            {thread?.items.has_more && (
              <OlderItems key={firstId} status={older} onReach={() => void chat.loadOlder()} strings={strings} />
            )}
            {turns.map((turnItems, index) => {
              const last = index === turns.length - 1;
              const first = turnItems[0];
              const rated = turnItems.map((item) => feedback[item.id]).find(Boolean);
              return (
                <div
                  class={last && turnsStarted > 0 ? 'turn fresh' : 'turn'}
                  key={first && (keys[first.id] ?? first.id)}
                >
                  <TurnView
                    items={turnItems}
                    keys={keys}
                    last={last}
                    running={last && turn !== undefined}
                    turn={turn}
                    interrupted={interrupted}
                    imageDomains={thread?.allowed_image_domains}
                    rated={rated}
                    chat={chat}
                    settings={settings}
                    strings={strings}
                  />
                  {last && waiting && <Progress text={turn.progress} strings={strings} />}
                  {last && <Notices notices={notices} strings={strings} />}
                  {last && failure && <FailureBlock failure={failure} strings={strings} onRetry={chat.retry} />}
                </div>
              );
            })}
            {turns.length === 0 && failure && <FailureBlock failure={failure} strings={strings} onRetry={chat.retry} />}
          </HostPage.Provider>
        </div>
      </div>
      {!atEnd && (
        <button type="button" class="jump" aria-label={strings.jump} title={strings.jump} onClick={jump}>
          <Icon name="jump" />
        </button>
      )}
    </div>
  );
}

/** A turn begins with a question; what stands before the first one is a turn of its own. */
function groupTurns(items: readonly ThreadItem[]): ThreadItem[][] {
  const turns: ThreadItem[][] = [];
  for (const item of items) {
    const current = turns.at(-1);
    if (!current || item.type === 'user_message') turns.push([item]);
    else current.push(item);
  }
  return turns;
}

/** Whether the newest item says by itself that the assistant is at work. */
function showsWork(item: ThreadItem | undefined, turn: RunningTurn): boolean {
  switch (item?.type) {
    case 'assistant_message':
      return item.content.some((part) => part.text !== '');
    case 'workflow':
      return !item.workflow.summary;
    case 'task':
      return item.task.status_indicator === 'loading';
    case 'generated_image':
      return turn.imageProgress[item.id] !== undefined;
    default:
      return false;
  }
}

function LoadingThread({ label }: { label: string }) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      <i class="short" />
      <i />
      <i />
      <i class="half" />
    </div>
  );
}
