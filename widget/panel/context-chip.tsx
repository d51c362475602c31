import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface ContextChipProps {
  on: boolean;
  onChange: (on: boolean) => void;
}

/** Says that the page goes along with a question, and lets the visitor take it off and put it back. */
export function ContextChip({ on, onChange }: ContextChipProps) {
  const title = usePageTitle();
  const button = useRef<HTMLButtonElement>(null);
  const pressed = useRef(false);
  useEffect(() => {
    // The pressed button is gone, and the focus must not go with it.
    if (pressed.current) button.current?.focus();
  }, [on]);
  const change = (): void => {
    pressed.current = true;
    onChange(!on);
  };
  return (
    <div class="context">
      {on ? (
        <span class="chip" title={title}>
          <Icon name="page" />
          <span class="chip-text">About this page: {title}</span>
          <button ref={button} type="button" class="chip-off" aria-label="Do not send this page" onClick={change}>
            <Icon name="close" />
          </button>
        </span>
      ) : (
        <button ref={button} type="button" class="chip chip-add" onClick={change}>
          <Icon name="add" />
          <span class="chip-text">Ask about this page</span>
        </button>
      )}
    </div>
  );
}

/** The host page's title, which client-side navigation changes. */
function usePageTitle(): string {
  const [title, setTitle] = useState(pageTitle);
  useEffect(() => {
    // The head, not the title element: frameworks replace the element.
    const observer = new MutationObserver(() => setTitle(pageTitle()));
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    setTitle(pageTitle());
    return () => observer.disconnect();
  }, []);
  return title;
}

function pageTitle(): string {
  // An image called "title" takes the place of `document.title`.
  const title: unknown = document.title;
  return (typeof title === 'string' && title.trim()) || location.host + location.pathname;
}
