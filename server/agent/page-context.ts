import { z } from 'zod';
import { PAGE_TEXT_MAX_BYTES, type PageContext } from '../../protocol/page-context.ts';

/**
 * Reads `metadata.pageContext` of a request. It comes from whoever made the page, through whoever sends the request:
 * a field that is wrong counts as absent, one that is too long is cut, and without a usable URL there is no page.
 * `url` keeps origin and path only, whatever the client sent: queries and fragments carry secrets.
 */
export function parsePageContext(value: unknown): PageContext | undefined {
  const parsed = shape.safeParse(value);
  if (!parsed.success) return undefined;
  const { url, canonical, selection, text, partial, ...rest } = parsed.data;
  const page: PageContext = { ...rest, url: url.origin + url.pathname, path: url.pathname };
  if (canonical) page.canonical = canonical.origin + canonical.pathname;
  if (selection) page.selection = selection;
  if (text) page.text = text;
  if (partial) page.partial = true;
  return page;
}

const webUrl = z
  .string()
  .max(4096)
  .transform((value, issues) => {
    const url = URL.parse(value);
    if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
    issues.addIssue('not a web address');
    return z.NEVER;
  });

const line = (max: number) =>
  z
    .string()
    .transform((value) => clean(value).replace(/\s+/g, ' ').trim().slice(0, max).toWellFormed())
    .catch('');

const heading = line(200);
const headings = z
  .union([z.array(z.unknown()), z.string().transform((joined) => joined.split(','))])
  .catch([])
  .transform((list) =>
    list
      .slice(0, 5)
      .map((entry) => heading.parse(entry))
      .filter((entry) => entry !== ''),
  );

const shape = z.object({
  url: webUrl,
  title: line(300),
  description: line(1000),
  headings,
  lang: line(35),
  canonical: webUrl.optional().catch(undefined),
  selection: line(2000),
  text: z
    .string()
    .transform((value) => cutAtBlock(clean(value)))
    .optional()
    .catch(undefined),
  partial: z.boolean().catch(false),
  timestamp: line(40),
});

/** Without NUL and half surrogate pairs: the first cuts strings in the database, the second breaks UTF-8. */
function clean(value: string): string {
  return value.replaceAll('\0', '').replaceAll('\r\n', '\n').toWellFormed();
}

/** At most `PAGE_TEXT_MAX_BYTES` of UTF-8, cut where a block ends if there is such a place in the last half. */
function cutAtBlock(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= PAGE_TEXT_MAX_BYTES) return text;
  const cut = new TextDecoder().decode(bytes.subarray(0, PAGE_TEXT_MAX_BYTES)).replace(/\uFFFD+$/, '');
  const end = cut.lastIndexOf('\n\n');
  return end > cut.length / 2 ? cut.slice(0, end) : cut;
}
