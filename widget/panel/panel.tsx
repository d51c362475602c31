import { useEffect, useRef } from 'preact/hooks';
import { stricterLevel } from '../../protocol/page-context.ts';
import type { PassagePlace } from '../../protocol/page-tools.ts';
import type { SiteView } from '../../protocol/session.ts';
import { ContextChip } from './context-chip.tsx';
import { type Chat, Conversation } from './conversation.tsx';
import { type Failure, wordsFor } from './failure.ts';
import { Icon } from './icon.tsx';
import { linkedPassage } from './linked-passage.ts';
import type { PanelOptions } from './panel-options.ts';
import { SignInNotice } from './sign-in-notice.tsx';
import type { SiteMemory } from './site-memory.ts';
import { useColorScheme } from './use-color-scheme.ts';
import { useViewport } from './use-viewport.ts';

/** What the panel shows. `generation` counts the conversations: a new one starts the chat element afresh. */
export interface PanelState {
  shown: boolean;
  phase:
    | { is: 'pending' }
    | { is: 'failed'; failure: Failure }
    | { is: 'running'; site: SiteView; isOurs: boolean; ready: boolean };
  sendsPage: boolean;
  /** The passage that was to be shown last is not on the page. */
  passageGone: boolean;
  generation: number;
}

interface PanelProps {
  state: PanelState;
  options: PanelOptions;
  chatFetch: typeof fetch;
  memory: SiteMemory;
  onReadPage: (query: string) => void;
  onShowPassage: (place: PassagePlace, isBeginning: boolean) => void;
  onReady: (chat: Chat) => void;
  onError: (error: Error) => void;
  onRetry: () => void;
  /** A user whose sign-in is over goes on as nobody. */
  onAnonymous: () => void;
  onSendsPage: (on: boolean) => void;
}

/** The window in the corner: not modal, so that the page stays readable beside it; the whole screen of a phone. */
export function Panel(props: PanelProps) {
  const { state, options, chatFetch, memory, onReady, onRetry, onSendsPage } = props;
  const { phase } = state;
  const { tag, onClose } = options;
  const site = phase.is === 'running' ? phase.site : undefined;
  const scheme = useColorScheme(tag.theme ?? site?.theme ?? 'auto');
  const dialog = useRef<HTMLElement>(null);
  useViewport(dialog);
  const accent = tag.accent ?? site?.accent;
  useEffect(() => {
    if (accent) dialog.current?.style.setProperty('--pw-tag-accent', accent);
  }, [accent]);

  function onKeyDown(event: KeyboardEvent): void {
    // A menu inside has taken the key, or an input method used it to drop a composition.
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    onClose();
  }

  /** A source on this page is shown on it: followed as a link, it would lose the query or the view of an app. */
  function onClick(event: MouseEvent): void {
    const place = linkedPassage(event);
    if (!place) return;
    event.preventDefault();
    props.onShowPassage(place, true);
  }

  function failed(failure: Failure) {
    const { signIn } = failure;
    if (signIn) return <SignInNotice signIn={signIn} code={failure.code} onAnonymous={props.onAnonymous} />;
    return <Failed failure={failure} onRetry={onRetry} />;
  }

  const level = site && stricterLevel(tag.context ?? 'page', site.page_context);
  const asking = phase.is === 'failed' ? phase.failure.signIn?.site : undefined;
  const name = site?.name ?? asking ?? tag.label ?? 'Chat';
  const isReady = phase.is === 'running' && phase.ready;
  // What another element has in its header nobody knows: the bar then stands above it.
  const isOver = phase.is !== 'running' || phase.isOurs;
  return (
    <section
      ref={dialog}
      class={`panel ${scheme} ${tag.position === 'bottom-left' ? 'panel-left' : ''} ${isOver ? '' : 'panel-stacked'}`}
      role="dialog"
      aria-label={name}
      aria-busy={phase.is !== 'failed' && !isReady}
      tabIndex={-1}
      hidden={!state.shown}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {/* Over the header of the chat element, which has the thread's title and buttons: one row instead of two. */}
      <div class="bar">
        {(isReady && isOver) || <h2 class="title">{name}</h2>}
        <button type="button" class="close" aria-label="Close" title="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div class="body">
        {site && (
          <Conversation
            key={state.generation}
            server={options.server}
            chatFetch={chatFetch}
            site={site}
            tag={tag}
            scheme={scheme}
            threadId={memory.threadId}
            emit={options.emit}
            onReadPage={props.onReadPage}
            onShowPassage={(place) => props.onShowPassage(place, false)}
            onReady={onReady}
            onError={props.onError}
          />
        )}
        <p class="gone" role="status">
          {state.passageGone && 'That passage is no longer on this page.'}
        </p>
        {site && level !== 'off' && <ContextChip on={state.sendsPage} onChange={onSendsPage} />}
        {phase.is === 'failed' ? failed(phase.failure) : isReady || <Pending />}
      </div>
    </section>
  );
}

function Pending() {
  return (
    <div class="cover" role="status">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class="unseen">The chat is starting</span>
    </div>
  );
}

function Failed({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div class="cover" role="alert">
      <span class="mark">
        <Icon name="alert" />
      </span>
      <p>{wordsFor(failure.code)}</p>
      <button type="button" class="retry" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
