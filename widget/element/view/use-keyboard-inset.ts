import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * Keeps the element above an on-screen keyboard: iOS lays it over the page and shrinks the visual viewport alone. What
 * it covers of the element becomes room at its end. Nothing where the page has moved the element out of the way itself.
 */
export function useKeyboardInset(chat: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const follow = (): void => {
      const node = chat.current;
      if (!node) return;
      // A page that is zoomed in shows a part of itself too: that is no keyboard.
      const zoomed = viewport.scale > 1.01;
      const typing = node.matches(':focus-within');
      const covered = node.getBoundingClientRect().bottom - viewport.offsetTop - viewport.height;
      node.style.paddingBlockEnd = typing && !zoomed && covered > 1 ? `${covered}px` : '';
    };
    viewport.addEventListener('resize', follow);
    viewport.addEventListener('scroll', follow);
    return () => {
      viewport.removeEventListener('resize', follow);
      viewport.removeEventListener('scroll', follow);
    };
  }, []);
}
