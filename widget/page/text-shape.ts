/** The shape of page text, as `protocol/page-context.ts` describes it: how words and code become lines of it. */

/** Beyond it a listing is cut at a line: one block must leave room for others. */
const CODE_CHARS = 6_000;

export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A paragraph that begins like a heading, a table or a fence must not be taken for one. */
export function escapeShape(text: string): string {
  return /^(?:#{1,6} |\||```)/.test(text) ? `\\${text}` : text;
}

/** Code in a fence longer than any run of back-ticks inside it; '' for no code. */
export function fenced(code: string): string {
  const whole = code.replace(/^\s*\n|\s+$/g, '');
  if (whole === '') return '';
  const end = whole.length > CODE_CHARS ? whole.lastIndexOf('\n', CODE_CHARS) : whole.length;
  const cut = whole.slice(0, end > 0 ? end : CODE_CHARS);
  const longest = (cut.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${cut}\n${fence}`;
}
