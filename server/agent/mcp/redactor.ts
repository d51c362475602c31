const MARK = '[removed]';
/** So much of the beginning of a credential is no accident, where a text ends. */
const NO_ACCIDENT = 8;

/**
 * Takes credentials out of text that arrives in pieces, cut anywhere: as they are, and in base64, URL and hexadecimal
 * spelling. What could still become one waits for the next piece or `flush`.
 */
export class Redactor {
  readonly #spellings: string[];
  #pending = '';

  constructor(secrets: string[]) {
    this.#spellings = [...new Set(secrets.flatMap(spellingsOf))];
  }

  push(piece: string): string {
    let text = this.#pending + piece;
    for (const spelling of this.#spellings) text = text.replaceAll(spelling, MARK);
    const held = this.#heldOf(text);
    this.#pending = text.slice(text.length - held);
    return text.slice(0, text.length - held);
  }

  /** What still waits, at the end of the text. */
  flush(): string {
    const rest = this.#pending;
    this.#pending = '';
    return rest.length < NO_ACCIDENT ? rest : MARK;
  }

  /** How long the longest end of the text is that a spelling begins with. */
  #heldOf(text: string): number {
    let held = 0;
    for (const spelling of this.#spellings)
      for (let length = Math.min(spelling.length - 1, text.length); length > held; length -= 1)
        if (text.endsWith(spelling.slice(0, length))) held = length;
    return held;
  }
}

/** A whole text without the credentials. */
export function redact(text: string, secrets: string[]): string {
  const redactor = new Redactor(secrets);
  return redactor.push(text) + redactor.flush();
}

/** Whether a text holds one of the credentials, in any of the spellings. */
export function holdsSecret(text: string, secrets: string[]): boolean {
  return secrets.flatMap(spellingsOf).some((spelling) => text.includes(spelling));
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  // In base64 it looks different at each place among three bytes; those of its neighbours are left out.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const all = [secret, encodeURIComponent(secret), hex, hex.toUpperCase(), ...base64, ...base64url];
  // Of a secret of one letter nothing is left without its neighbours.
  return all.filter((spelling) => spelling !== '');
}
