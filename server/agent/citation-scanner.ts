/** A marker that was taken out: `n` stood at `index` of the text without markers, in UTF-16 code units. */
export interface Marker {
  n: number;
  index: number;
}

/** Text without markers, and the markers that stood in it. */
export interface Scanned {
  text: string;
  markers: Marker[];
}

const MARKER = /^\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*\]/;
const MARKER_START = /^\[[\s\d,]{0,40}$/;
/** What a marker may stand before without the blank that stood before the marker. */
const CLOSES = /^[\s.,;:!?)\]}|。，、；：！？」』）】]/;

/**
 * Takes `[n]` and `[n, m]` out of Markdown that arrives in pieces, cut anywhere. Code spans, fenced code and links
 * (`[1](…)`) stay as they are. What could still become a marker waits for the next piece or `flush`.
 */
export class CitationScanner {
  #pending = '';
  #length = 0;
  /** The characters of the fence or code span we are in. */
  #fence: string | undefined;
  #span: string | undefined;
  #atLineStart = true;
  #markers: Marker[] = [];
  #text = '';

  push(piece: string): Scanned {
    this.#pending += piece;
    return this.#scan(false);
  }

  /** What still waits, at the end of the text. */
  flush(): Scanned {
    return this.#scan(true);
  }

  #scan(atEnd: boolean): Scanned {
    let rest = this.#pending;
    while (rest !== '') {
      const taken = this.#take(rest, atEnd);
      if (taken === 0) break;
      rest = rest.slice(taken);
    }
    this.#pending = rest;
    const scanned = { text: this.#text, markers: this.#markers };
    this.#text = '';
    this.#markers = [];
    return scanned;
  }

  /** Consumes the beginning of `rest`; 0: more is needed to know what it is. */
  #take(rest: string, atEnd: boolean): number {
    const run = /^(?:`+|~+)/.exec(rest)?.[0];
    if (run !== undefined) {
      if (run.length === rest.length && !atEnd) return 0;
      return this.#takeCodeMark(run);
    }
    if (this.#fence !== undefined || this.#span !== undefined)
      return this.#emit(/^(?:[^`~\n]+|\n+)/.exec(rest)?.[0] ?? rest);
    const blank = /^[ \t]*/.exec(rest)?.[0] ?? '';
    const after = rest.slice(blank.length);
    if (after === '' && !atEnd) return 0;
    if (!after.startsWith('[')) {
      if (blank !== '') return this.#emit(blank);
      if (rest.startsWith('\\')) return rest.length === 1 && !atEnd ? 0 : this.#emit(rest.slice(0, 2));
      return this.#emit(/^(?:[^[\\`~\n \t]+|\n+)/.exec(rest)?.[0] ?? rest.charAt(0));
    }
    const marker = MARKER.exec(after);
    if (!marker) return MARKER_START.test(after) && !atEnd ? 0 : this.#emit(`${blank}[`);
    const next = after.slice(marker[0].length);
    if (next === '' && !atEnd) return 0;
    if (next.startsWith('(')) return this.#emit(blank + marker[0]);
    for (const n of (marker[1] ?? '').split(',')) this.#markers.push({ n: Number(n), index: this.#length });
    if (next !== '' && !CLOSES.test(next) && !next.startsWith('[')) this.#emit(blank);
    return blank.length + marker[0].length;
  }

  #takeCodeMark(run: string): number {
    const opensLine = this.#atLineStart && run.length >= 3;
    if (this.#fence !== undefined) {
      if (opensLine && run.startsWith(this.#fence)) this.#fence = undefined;
    } else if (this.#span !== undefined) {
      if (run === this.#span) this.#span = undefined;
    } else if (opensLine) this.#fence = run;
    else if (run.startsWith('`')) this.#span = run;
    return this.#emit(run);
  }

  #emit(text: string): number {
    // A code span ends with its paragraph: a lone back-tick must not hide the markers of the rest.
    if (text.startsWith('\n\n') || (text.startsWith('\n') && this.#atLineStart)) this.#span = undefined;
    // Quotation marks and indentation keep a line's start: fences stand in blockquotes and lists too.
    if (text.includes('\n')) this.#atLineStart = true;
    else if (!/^[ \t>]*$/.test(text)) this.#atLineStart = false;
    this.#text += text;
    this.#length += text.length;
    return text.length;
  }
}
