const MAX_CHARS = 120;
const UNNAMED = 'file';
/** Control characters, and marks that turn the direction of text: `gpj.exe` can be made to read `exe.jpg`. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The name a visitor gave a file, as text to show and nothing else: no path, one line, at most 120 characters. */
export function displayName(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(UNSEEN, '').replace(/\s+/g, ' ').trim();
  if (/^\.*$/.test(name)) return UNNAMED;
  if (name.length <= MAX_CHARS) return name;
  // Cut before the ending, which tells people what the file is.
  const [ending = ''] = /\.\w{1,10}$/.exec(name) ?? [];
  return `${name.slice(0, MAX_CHARS - ending.length - 1).toWellFormed()}…${ending}`;
}
