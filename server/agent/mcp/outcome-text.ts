import { redact } from './redactor.ts';

/** As much as of a page: a model has to read it all, and other tools may have said something too. */
const MAX_CHARS = 24_000;

interface Result {
  content?: readonly { type: string }[];
  structuredContent?: unknown;
}

/**
 * The words of an answer: its texts, or its data when it has no text. Images and sounds are only named. A server that
 * says a credential back, as some do in errors, says it to nobody.
 */
export function toOutcomeText({ content = [], structuredContent }: Result, secrets: string[]): string {
  const said = content.map(toText).filter((text) => text !== '');
  const words =
    said.length === 0 && structuredContent !== undefined ? JSON.stringify(structuredContent) : said.join('\n');
  const text = redact(words, secrets);
  if (text === '') return 'The tool answered nothing.';
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS).toWellFormed()}\n[cut: the answer is longer]`;
}

function toText(part: Record<string, unknown> & { type: string }): string {
  switch (part.type) {
    case 'text':
      return String(part['text']);
    case 'resource': {
      const { text, uri } = part['resource'] as { text?: unknown; uri?: unknown };
      return typeof text === 'string' ? text : `[a file: ${String(uri)}]`;
    }
    case 'resource_link':
      return `[a link: ${String(part['uri'])}]`;
    default:
      return `[${part.type}]`;
  }
}
