/**
 * The text as it will probably look once its last line is complete: open emphasis and code are closed, a link whose
 * address is still arriving shows its words, and a lone marker at the end waits. Without this a reader sees asterisks
 * turn into bold and lines jump into headings while an answer streams. Only for showing: the text itself stays.
 */
export function closeOpenMarks(text: string): string {
  const fences = text.match(/^ {0,3}(?:```|~~~)/gm);
  // Inside an open code block nothing is a mark, except the beginning of its own end.
  if (fences && fences.length % 2 === 1) return text.replace(/\n {0,3}[`~]{1,2}$/, '');
  const start = text.lastIndexOf('\n\n') + 1;
  return text.slice(0, start) + closeLine(dropLoneMarker(text.slice(start)));
}

/** A last line that is only a marker so far: `-` under a paragraph would flash as a heading. */
function dropLoneMarker(text: string): string {
  return text.replace(/(^|\n)[ \t>]*(?:#{1,6}|[-=*_+]{1,3}|\d{1,9}[.)]?|[`~]{1,2}|\|[-:| ]*)[ \t]*$/, '$1');
}

function closeLine(text: string): string {
  const link = /!?\[(?<words>[^[\]]*)(?:\](?:\([^()\s]*)?)?$/.exec(text);
  const shown =
    link && !isEscaped(text, link.index)
      ? text.slice(0, link.index) + (link[0].startsWith('!') ? '' : (link.groups?.words ?? ''))
      : text;
  const open = openMarks(shown);
  let closed = shown;
  for (const mark of open.toReversed()) {
    // A mark with nothing after it yet is no mark.
    if (closed.endsWith(mark)) closed = closed.slice(0, -mark.length);
    else closed = closed.replace(/\s*$/, '') + mark;
  }
  return closed;
}

/** Marks that were opened and not closed, outermost first. */
function openMarks(text: string): string[] {
  const open: string[] = [];
  // An escaped character is matched first, so that it is never taken for a mark.
  for (const { 0: mark, index } of text.matchAll(/\\[^]|`+|\*{1,3}|~~/g)) {
    if (mark.startsWith('\\')) continue;
    const inCode = open.at(-1)?.startsWith('`');
    const before = text[index - 1] ?? '\n';
    const after = text[index + mark.length] ?? '';
    if (inCode) {
      if (open.at(-1) === mark) open.pop();
    } else if (mark.startsWith('`')) open.push(mark);
    else if (open.includes(mark) && /\S/.test(before)) open.splice(open.lastIndexOf(mark));
    // An opening mark touches its first word; a list's asterisk does not.
    else if (after === '' || /\S/.test(after)) open.push(mark);
  }
  return open;
}

function isEscaped(text: string, index: number): boolean {
  return text[index - 1] === '\\';
}
