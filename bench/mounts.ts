import { pathToFileURL } from 'node:url';
import { startAppServer } from '../tests/widget/element/apps/app-server.ts';
import { openPlainPage } from '../tests/widget/element/apps/plain-page.ts';
import { countLeftovers, cyclePlainPage, type Leftovers } from '../tests/widget/element/contract/mount-cycles.ts';
import { launchChromium } from '../tools/chromium.ts';

/** What 200 mounts and unmounts of the built element leave in Chromium. */
export async function benchMounts(): Promise<Leftovers> {
  const [browser, server] = await Promise.all([launchChromium(), startAppServer()]);
  try {
    const { page } = await openPlainPage(browser, server);
    await cyclePlainPage(page);
    return await countLeftovers(page, server);
  } finally {
    await Promise.all([browser.close(), server.close()]);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await benchMounts());
