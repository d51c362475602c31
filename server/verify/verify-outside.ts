import { openChat, openSession, SignInRequired, type Target } from './check-chat.ts';
import { checkCors, exampleOf } from './check-cors.ts';
import { checkScripts } from './check-scripts.ts';
import { type Finding, look } from './finding.ts';

/** One site as its pages see the server. */
export interface SiteToVerify {
  /** For the names of the lines; empty when nothing but a tag is known. */
  id: string;
  siteToken: string | undefined;
  origins: string[];
}

/**
 * Looks at a server as browsers see it, one finding after the other. It asks one question a site, and takes away what
 * that left behind.
 */
export async function* verifyOutside(url: string, sites: SiteToVerify[]): AsyncGenerator<Finding> {
  yield await look('scripts', () => checkScripts(url));
  for (const { id, origins } of sites) yield await look(named('cors', id), () => checkCors(url, origins));
  for (const { id, siteToken, origins } of sites) {
    const [origin] = origins;
    if (siteToken !== undefined && origin !== undefined)
      yield* verifyChat(id, { url, siteToken, origin: exampleOf(origin) });
  }
}

async function* verifyChat(id: string, target: Target): AsyncGenerator<Finding> {
  let chat: ReturnType<typeof openChat> | undefined;
  yield await look(named('session', id), async () => {
    try {
      chat = openChat(target, await openSession(target));
      return `${target.origin} gets one`;
    } catch (error) {
      if (error instanceof SignInRequired) return 'visitors have to sign in, so no chat was tried';
      throw error;
    }
  });
  if (!chat) return;
  try {
    const answer = await look(named('answer', id), chat.answer);
    yield answer;
    if (answer.ok) yield await look(named('memory', id), chat.remember);
  } finally {
    await chat.end();
  }
}

function named(what: string, id: string): string {
  return id === '' ? what : `${what} ${id}`;
}
