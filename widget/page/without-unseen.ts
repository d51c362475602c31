/**
 * A text without the signs that nobody sees: they part words that are to be redacted and can carry whole hidden
 * sentences (Unicode tags, bidirectional overrides). No control characters and no half of a pair, which the server
 * refuses.
 */
export function withoutUnseen(text: string): string {
  return text.toWellFormed().replace(UNSEEN, '');
}

const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what it is for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;
