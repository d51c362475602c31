import { useState } from 'preact/hooks';
import { transferredFiles } from './transferred-files.ts';

/**
 * Takes files that are dropped on an element with `handlers`, and tells while they are over it. Without `onDrop` they
 * are let fall: left to itself the browser would open them in place of the host page.
 */
export function useFileDrop(onDrop: ((files: File[]) => void) | undefined) {
  const [isOver, setOver] = useState(false);

  function onDragOver(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setOver(event.type !== 'drop');
    if (event.type === 'drop') onDrop?.(transferredFiles(event.dataTransfer));
  }

  function onDragLeave(event: DragEvent & { currentTarget: Node }): void {
    // Crossing a border between two children leaves one of them, and not the element.
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
  }

  const handlers = { onDragEnter: onDragOver, onDragOver, onDragLeave, onDrop: onDragOver };
  return { isOver: isOver && onDrop !== undefined, handlers };
}
