/** What leaves a field is for whoever is around it: the panel closes on Escape. */
const NOT_TYPED = /^(?:Escape|Tab|F\d+)$/;

/**
 * Keeps a key that writes or moves in a text field from the host page: the shadow root hides from it that the key went
 * to one, and it would take "/" for the shortcut of its search, or an arrow for the next page.
 */
export function keepTyped(event: KeyboardEvent): void {
  const { key, target, ctrlKey, altKey, metaKey } = event;
  if (!(target instanceof HTMLElement) || !target.matches('textarea, input, select')) return;
  // Control and Alt together are AltGr, which types @ and { on many keyboards.
  const isShortcut = metaKey || (ctrlKey && !altKey);
  if (!isShortcut && !NOT_TYPED.test(key)) event.stopPropagation();
}
