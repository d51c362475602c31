import { readTable } from './read-table.ts';
import { isDropped, isShown } from './readable.ts';
import { collapse, escapeShape, fenced, INLINE } from './text-shape.ts';

/** One passage of a page, ready to be sent: a heading, a paragraph, a run of list items, a table, a code block. */
export interface Block {
  text: string;
  /** Set for a heading: its rank, 1 to 6. */
  rank?: number;
  /** The headings it stands under, outermost first, as indexes of blocks. */
  path: number[];
  /** Where it ends, to ask how far it is from the viewport. */
  node: Node;
}

export interface Reading {
  blocks: Block[];
  /** Lower-case addresses of the `mailto:` links read. */
  published: Set<string>;
  /** The deadline ended it: there is more. */
  stopped: boolean;
}

export interface ReadLimits {
  /** No node is begun after this moment of `performance.now()`. */
  deadline: number;
  /** Reads only what lies in it. */
  range?: Range;
  /** Reading a whole body: its header and asides are left out too. */
  outsideMain?: boolean;
}

/** Of one block. Beyond it a list or a table begins a new passage, so that a long one can be cut at its rows. */
const PASSAGE_CHARS = 1_000;
const NODES_BETWEEN_CLOCK_READINGS = 256;

/** Reads the visible text of these nodes, in order, and stops where the limits say. A broken node ends it early. */
export function readBlocks(roots: Node[], limits: ReadLimits): Reading {
  const reader = new BlockReader(limits);
  try {
    for (const root of roots) reader.visit(root);
  } catch {
    // A page can shadow any property of its nodes (`<input name="nextSibling">`): what was read before it stands.
  }
  reader.flush();
  return reader;
}

class BlockReader implements Reading {
  readonly blocks: Block[] = [];
  readonly published = new Set<string>();
  stopped = false;
  private readonly limits: ReadLimits;
  private readonly headings: number[] = [];
  private line = '';
  private last: Node | undefined;
  /** What the next line begins with: a bullet, and before it a term or a summary that waits for its text. */
  private mark = '';
  private label = '';
  private quote = '';
  private list: { depth: number; next: number | undefined; started: boolean } | undefined;
  /** In a cell or a heading every block is a part of one line; in code line breaks count. */
  private mode: 'blocks' | 'line' | 'code' = 'blocks';
  private folded = 0;
  private keepsButtons = false;
  private nodes = 0;

  constructor(limits: ReadLimits) {
    this.limits = limits;
  }

  visit(node: Node): void {
    if (this.isOverBudget()) return;
    if (node.nodeType === Node.TEXT_NODE) this.addText(node as Text);
    else if (node.nodeType === Node.ELEMENT_NODE) this.visitElement(node as Element);
    else if (node.nodeType === Node.DOCUMENT_FRAGMENT_NODE) this.visitChildren(node);
  }

  /** The text of an element on one line, without the blocks inside it parting it. */
  lineOf(element: Element, mode: 'line' | 'code' = 'line'): string {
    const outer = { line: this.line, mode: this.mode, buttons: this.keepsButtons };
    Object.assign(this, { line: '', mode, keepsButtons: mode === 'line' });
    this.visitChildren(element);
    const text = mode === 'line' ? collapse(this.line) : this.line;
    Object.assign(this, { line: outer.line, mode: outer.mode, keepsButtons: outer.buttons });
    return text;
  }

  /** Whether this element may be entered. */
  mayRead(element: Element): boolean {
    if (isDropped(element, element.localName, this.limits.outsideMain ?? false)) return false;
    return isShown(element, this.folded > 0);
  }

  /** Ends the current line and makes a block of it. */
  flush(): void {
    if (this.mode !== 'blocks') {
      const separator = this.mode === 'code' ? '\n' : ' ';
      if (this.line !== '' && !this.line.endsWith(separator)) this.line += separator;
      return;
    }
    const text = collapse(this.line);
    this.line = '';
    if (text !== '') this.addLine(text);
  }

  add(text: string, rank?: number): void {
    const node = this.last;
    if (!node) return;
    this.blocks.push({ text, path: [...this.headings], node, ...(rank === undefined ? {} : { rank }) });
  }

  private addLine(text: string): void {
    const isItem = this.mark !== '' || this.label.startsWith('- ');
    const plain = this.quote + this.label + this.mark === '';
    const line = this.quote + this.label + this.mark + (plain ? escapeShape(text) : text);
    this.label = '';
    this.mark = '';
    const before = this.blocks.at(-1);
    if (isItem && this.list?.started && before && before.text.length + line.length < PASSAGE_CHARS) {
      before.text += `\n${line}`;
    } else {
      this.add(line);
    }
    if (this.list) this.list.started = isItem;
  }

  /** A term without a definition, a summary without contents: their own block. */
  private flushLabel(): void {
    this.flush();
    if (this.label === '') return;
    const text = this.label.replace(/:? *\n?$/, '');
    this.label = '';
    this.add(text);
  }

  private addText(node: Text): void {
    const { range } = this.limits;
    let text = node.data;
    if (range) {
      if (!range.intersectsNode(node)) return;
      const end = node === range.endContainer ? range.endOffset : text.length;
      text = text.slice(node === range.startContainer ? range.startOffset : 0, end);
    }
    this.line += text;
    this.last = node;
  }

  private visitElement(element: Element): void {
    const name = element.localName;
    // A form whose field is called "localName" answers with the field: leave such a form alone.
    if (typeof name !== 'string') return;
    if (name === 'br' || name === 'hr') {
      if (this.mode === 'code') this.line += '\n';
      else if (name === 'br') this.line += ' ';
      else this.flush();
      return;
    }
    if (name === 'button' && !this.keepsButtons) return;
    if (!this.mayRead(element) || this.limits.range?.intersectsNode(element) === false) return;
    if (name === 'a') this.notePublished(element);
    if (INLINE.has(name)) this.visitChildren(element);
    else this.visitBlock(element, name);
  }

  private visitBlock(element: Element, name: string): void {
    this.flush();
    if (this.mode !== 'blocks') this.visitChildren(element);
    else if (/^h[1-6]$/.test(name)) this.visitHeading(element, Number(name[1]));
    else this.visitByName(element, name);
    this.flush();
  }

  private visitByName(element: Element, name: string): void {
    switch (name) {
      case 'pre':
        this.visitCode(element);
        break;
      case 'table':
        readTable(element as HTMLTableElement, this, PASSAGE_CHARS);
        break;
      case 'ul':
      case 'ol':
      case 'menu':
      case 'dl':
        this.visitList(element, name);
        break;
      case 'li':
        this.visitItem(element);
        break;
      case 'dt': {
        const waiting = this.label.startsWith('- ') ? `${this.label.slice(0, -2)} / ` : '- ';
        this.label = `${waiting}${this.lineOf(element)}: `;
        break;
      }
      case 'summary': {
        this.flushLabel();
        const text = this.lineOf(element);
        if (text !== '') this.label = `${text}\n`;
        break;
      }
      case 'details':
        this.visitDetails(element as HTMLDetailsElement);
        break;
      case 'blockquote': {
        const outer = this.quote;
        this.quote = `${outer}> `;
        this.visitChildren(element);
        this.flush();
        this.quote = outer;
        break;
      }
      default:
        this.visitChildren(element);
    }
  }

  private visitHeading(element: Element, rank: number): void {
    // The sign of a link to itself belongs to no heading.
    const text = this.lineOf(element).replace(/\s*[#¶§🔗]+$/u, '');
    if (text === '') return;
    this.flushLabel();
    while (this.headings.length > 0 && (this.blocks[this.headings.at(-1) ?? 0]?.rank ?? 0) >= rank) this.headings.pop();
    this.add(`${'#'.repeat(rank)} ${text}`, rank);
    this.headings.push(this.blocks.length - 1);
  }

  private visitCode(element: Element): void {
    const code = fenced(this.lineOf(element, 'code'));
    if (code === '') return;
    this.flushLabel();
    this.add(code);
  }

  private visitList(element: Element, name: string): void {
    const outer = this.list;
    const start = name === 'ol' ? (element as HTMLOListElement).start : undefined;
    this.list = { depth: (outer?.depth ?? -1) + 1, next: start, started: outer?.started ?? false };
    this.visitChildren(element);
    this.flushLabel();
    if (outer) outer.started = this.list.started;
    this.list = outer;
  }

  private visitItem(element: Element): void {
    const { list } = this;
    const bullet = list?.next === undefined ? '-' : `${list.next}.`;
    if (list?.next !== undefined) list.next += 1;
    this.mark = `${'  '.repeat(list?.depth ?? 0)}${bullet} `;
    this.visitChildren(element);
    this.flush();
    this.mark = '';
  }

  private visitDetails(element: HTMLDetailsElement): void {
    const { open } = element;
    for (let child = element.firstChild; child; child = child.nextSibling) {
      const isFolded = !open && (child as Element).localName !== 'summary';
      this.folded += isFolded ? 1 : 0;
      this.visit(child);
      this.folded -= isFolded ? 1 : 0;
    }
    this.flushLabel();
  }

  private visitChildren(node: Node): void {
    if (node.nodeType === Node.ELEMENT_NODE) {
      const { shadowRoot } = node as Element;
      if (shadowRoot instanceof Node) {
        this.visitChildren(shadowRoot);
        return;
      }
      if ((node as Element).localName === 'slot') {
        const assigned = (node as HTMLSlotElement).assignedNodes();
        for (const child of assigned) this.visit(child);
        if (assigned.length > 0) return;
      }
    }
    for (let child = node.firstChild; child; child = child.nextSibling) this.visit(child);
  }

  private notePublished(link: Element): void {
    const address = /^mailto:([^?]+)/i.exec(link.getAttribute('href') ?? '')?.[1];
    if (address) this.published.add(address.toLowerCase());
  }

  private isOverBudget(): boolean {
    this.nodes += 1;
    if (this.nodes % NODES_BETWEEN_CLOCK_READINGS === 0 && performance.now() > this.limits.deadline)
      this.stopped = true;
    return this.stopped;
  }
}
