import { Lexer, type Links, type Token } from 'marked';
import { closeOpenMarks } from './close-open-marks.ts';

/** One top-level block of a text: the same object for as long as its source is the same, so a view can memoise by it. */
export interface Block {
  readonly raw: string;
  readonly token: Token;
}

/** `stable` is the same array until a block joins it. */
export interface Blocks {
  stable: readonly Block[];
  tail: readonly Block[];
}

/** No answer is so long; a table of that size has 30,000 cells. */
const MAX_CHARS = 1e5;
/** The lexer looks from each of these for its other half: 50,000 of them took 11 s, 5,000 take 0.1 s. */
const MAX_MARKS = 5e3;

/**
 * Turns a growing text into blocks. What lies before the last blank line between two blocks cannot change any more and
 * is never read again: only the tail is lexed at each call, which keeps a long answer linear. When the text is
 * finished it is lexed once as a whole, because a link definition at the end counts for the beginning too.
 */
export class MarkdownStream {
  #stable: readonly Block[] = [];
  #stableText = '';
  #tail: Block[] = [];
  #links: Links = {};

  update(source: string, finished: boolean): Blocks {
    const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
    if (finished || !text.startsWith(this.#stableText)) this.#restart();
    const tail = text.slice(this.#stableText.length);
    this.#tail = this.#lex(finished ? tail : closeOpenMarks(tail));
    if (!finished) this.#settle(tail);
    return { stable: this.#stable, tail: this.#tail };
  }

  /** From the beginning again; blocks that come out with the same source are taken from the last time. */
  #restart(): void {
    this.#tail = [...this.#stable, ...this.#tail];
    this.#stable = [];
    this.#stableText = '';
    this.#links = {};
  }

  #lex(text: string): Block[] {
    const lexer = new Lexer({ gfm: true });
    Object.assign(lexer.tokens.links, this.#links);
    // Text that would stop the page is shown as it is; so is absurdly deep nesting, on which the lexer gives up.
    let tokens: Token[] = [{ type: 'text', raw: text, text }];
    try {
      if (text.length < MAX_CHARS && text.split(/[*_~@>]/).length < MAX_MARKS) tokens = lexer.lex(text);
    } catch {}
    // A definition changes blocks whose own source stayed the same.
    const defined = Object.keys(lexer.tokens.links).length !== Object.keys(this.#links).length;
    const known = defined ? [] : this.#tail;
    const blocks = tokens.map((token, index) => {
      const before = known[index];
      return before?.raw === token.raw && before.token.type === token.type ? before : { raw: token.raw, token };
    });
    this.#links = lexer.tokens.links;
    return blocks;
  }

  /** Moves what can no longer change from the tail to the stable part. */
  #settle(tail: string): void {
    let offset = 0;
    let settled = 0;
    let settledEnd = 0;
    for (const [index, block] of this.#tail.entries()) {
      if (index > 0 && block.token.type !== 'space' && tail.startsWith('\n\n', offset - 2) && !mayJoin(tail, offset)) {
        settled = index;
        settledEnd = offset;
      }
      offset += block.raw.length;
      // Closed marks make the lexed text differ from the source: from there on offsets mean nothing.
      if (!tail.startsWith(block.raw, offset - block.raw.length)) break;
    }
    if (settled === 0) return;
    this.#stable = [...this.#stable, ...this.#tail.splice(0, settled)];
    this.#stableText += tail.slice(0, settledEnd);
  }
}

/** `2` after a blank line may become `2. …`, an item of the list before it. */
function mayJoin(tail: string, offset: number): boolean {
  return /^ {0,3}(?:\d{1,9}[.)]?|[-+*])?\s*$/.test(tail.slice(offset, offset + 16)) && tail.length - offset < 16;
}
