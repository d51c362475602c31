/** What a table asks of the reader it is read by. */
interface Cells {
  /** Adds a block. */
  add(text: string): void;
  /** Ends the current line. */
  flush(): void;
  /** The text of an element on one line. */
  lineOf(element: Element): string;
  /** Whether this element may be entered. */
  mayRead(element: Element): boolean;
  /** Reads a node as if no table were around it. */
  visit(node: Node): void;
}

/** Tables that only place things: what is in them is read as if the table were not there. */
const LAYOUT = '[role="presentation" i],[role="none" i],:has(table,h1,h2,h3,h4,pre,blockquote)';

/**
 * Adds a table as blocks of rows, `| cell | cell |`, each block headed by the row of column names and at most
 * `maxChars` long. Spanned cells are repeated, so that every row can be read alone. Where no row names the columns, a
 * row is a list item: `- first: second, third`.
 */
export function readTable(table: HTMLTableElement, reader: Cells, maxChars: number): void {
  if (table.matches(LAYOUT)) {
    for (let child = table.firstChild; child; child = child.nextSibling) readLoose(child, reader);
    return;
  }
  const { caption } = table;
  if (caption && reader.mayRead(caption)) {
    const text = reader.lineOf(caption);
    if (text !== '') reader.add(text);
  }
  const rows = readRows(table, reader);
  const names = rows[0]?.isHeader && rows.length > 1 ? rowLine(rows[0].cells) : undefined;
  let lines: string[] = [];
  let chars = 0;
  const addBlock = () => {
    if (lines.length > 0) reader.add((names === undefined ? lines : [names, ...lines]).join('\n'));
    lines = [];
    chars = names?.length ?? 0;
  };
  for (const row of names === undefined ? rows : rows.slice(1)) {
    const line = names === undefined ? itemLine(row.cells) : rowLine(row.cells);
    if (chars + line.length > maxChars) addBlock();
    lines.push(line);
    chars += line.length;
  }
  addBlock();
}

interface Row {
  cells: string[];
  isHeader: boolean;
}

function readRows(table: HTMLTableElement, reader: Cells): Row[] {
  const rows: Row[] = [];
  const spanned: { text: string; rows: number }[] = [];
  for (const row of table.rows) {
    const section = row.parentElement;
    if ((section && section !== table && !reader.mayRead(section)) || !reader.mayRead(row)) continue;
    const cells: string[] = [];
    const fillSpanned = () => {
      for (let above = spanned[cells.length]; above && above.rows > 0; above = spanned[cells.length]) {
        above.rows -= 1;
        cells.push(above.text);
      }
    };
    for (const cell of row.cells) {
      fillSpanned();
      const text = reader.mayRead(cell) ? reader.lineOf(cell) : '';
      // A browser reads spans up to 1,000; a table of a page for readers has a few columns.
      for (let column = 0; column < Math.min(cell.colSpan, 20); column += 1) {
        spanned[cells.length] = { text, rows: cell.rowSpan - 1 };
        cells.push(text);
      }
    }
    fillSpanned();
    const names = [...row.cells];
    const isHeader =
      names.length > 0 && (section?.localName === 'thead' || names.every((cell) => cell.localName === 'th'));
    if (cells.some((text) => text !== '')) rows.push({ cells, isHeader });
  }
  return rows;
}

function readLoose(node: Node, reader: Cells): void {
  const name = (node as Element).localName;
  if (node.nodeType === Node.ELEMENT_NODE && !reader.mayRead(node as Element)) return;
  if (['tbody', 'thead', 'tfoot', 'tr', 'td', 'th'].includes(name)) {
    for (let child = node.firstChild; child; child = child.nextSibling) readLoose(child, reader);
    reader.flush();
  } else {
    reader.visit(node);
  }
}

function rowLine(cells: string[]): string {
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

function itemLine([first = '', ...rest]: string[]): string {
  const values = rest.filter((text) => text !== '').join(', ');
  return values === '' ? `- ${first}` : `- ${first}: ${values}`;
}
