/** Puts "@" or "/" at the caret as if it had been typed, apart from a word before it, so that its menu opens. */
export function typeSign(input: HTMLTextAreaElement | null, sign: '@' | '/'): void {
  if (!input) return;
  input.focus();
  const gap = /\S$/.test(input.value.slice(0, input.selectionStart)) ? ' ' : '';
  input.setRangeText(gap + sign, input.selectionStart, input.selectionEnd, 'end');
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
