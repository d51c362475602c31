import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Writes what the on-screen keyboard leaves of a phone's window to `--pw-top` and `--pw-height` of the panel. */
export function useViewport(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const follow = (): void => {
      panel.current?.style.setProperty('--pw-top', `${viewport.offsetTop}px`);
      panel.current?.style.setProperty('--pw-height', `${viewport.height}px`);
    };
    follow();
    viewport.addEventListener('resize', follow);
    viewport.addEventListener('scroll', follow);
    return () => {
      viewport.removeEventListener('resize', follow);
      viewport.removeEventListener('scroll', follow);
    };
  }, [panel]);
}
