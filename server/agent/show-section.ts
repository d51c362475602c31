import { z } from 'zod';
import type { ThreadStreamEvent } from '../../protocol/event.ts';
import { SHOW_PASSAGE } from '../../protocol/page-tools.ts';
import type { Context } from '../context.ts';
import { parsePageContext } from './page-context.ts';
import { linkToWords } from './page-source.ts';

/** Type of the action of an outline's entry. */
export const SHOW_SECTION = 'pagewise.show_section';

/** It comes back from a client, which may send anything. */
const section = z.object({
  heading: z.string().max(500),
  url: z.url({ protocol: /^https?$/ }).max(4096),
  title: z.string().max(500),
});

/**
 * Answers a click on an outline's entry: on the page that the outline is of, the effect that shows the section; on any
 * other, a link to it, because a thread goes along from page to page. Throws a `ZodError` on a payload that is not ours.
 */
export async function* showSection(payload: unknown, { metadata }: Context): AsyncGenerator<ThreadStreamEvent> {
  const { heading, url, title } = section.parse(payload);
  const page = parsePageContext(metadata.pageContext);
  if (!page || page.url === url) yield { type: 'client_effect', name: SHOW_PASSAGE, data: { heading } };
  else
    yield { type: 'notice', level: 'info', message: markdownLink(`${title}: ${heading}`, linkToWords(url, heading)) };
}

function markdownLink(text: string, url: string): string {
  return `[${text.replace(/[\\[\]*_`<>]/g, '\\$&')}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
