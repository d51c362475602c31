import type { Site } from '../context.ts';
import type { SiteDetails } from '../routes/operator.ts';
import { type Finding, look } from '../verify/finding.ts';
import type { SiteToVerify } from '../verify/verify-outside.ts';
import type { Ask } from './run-command.ts';

/** Lets the running server look at itself; returns the sites that it serves. */
export async function* verifyInside(ask: Ask, url: string): AsyncGenerator<Finding, SiteToVerify[]> {
  let names: string[] = [];
  let sites: SiteToVerify[] = [];
  const operator = await look('operator', async () => {
    ({ checks: names } = (await ask('GET', '/checks')) as { checks: string[] });
    sites = await readSites(ask);
    return `${sites.length} ${sites.length === 1 ? 'site' : 'sites'}: ${sites.map(({ id }) => id).join(', ')}`;
  });
  yield operator.ok ? operator : { ...operator, advice: 'Without it the server cannot be asked to look at itself.' };
  for (const name of names) yield (await ask('POST', '/checks', { name, url })) as Finding;
  return sites;
}

async function readSites(ask: Ask): Promise<SiteToVerify[]> {
  const { sites } = (await ask('GET', '/sites')) as { sites: Site[] };
  const open = sites.filter(({ settings }) => !settings.suspended);
  return Promise.all(
    open.map(async ({ id, origins }) => {
      const { tags } = (await ask('GET', `/sites/${encodeURIComponent(id)}`)) as SiteDetails;
      return { id, origins, siteToken: tags[0] && tokenOf(tags[0].scriptTag) };
    }),
  );
}

/** As a page has it. */
function tokenOf(scriptTag: string): string | undefined {
  return /data-site-token="([^"]+)"/.exec(scriptTag)?.[1];
}
