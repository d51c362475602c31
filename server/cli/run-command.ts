import type { KeyInfo } from '../auth/rotate-keys.ts';
import type { Site } from '../context.ts';
import type { SiteDetails, TagView } from '../routes/operator.ts';
import { mcpCommand } from './mcp-command.ts';
import { parseSettings, UsageError } from './parse-settings.ts';
import { describeKey, printKeys, printSite, printSites, printTag } from './print-site.ts';

/** One call below `/v1/operator`; resolves to the body. Rejects with what the server says when it refuses. */
export type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

export const USAGE = `usage: npm run site -- COMMAND

  add ID ORIGIN… [KEY=VALUE…]   a new site, and its script tag
  list                          all sites
  show ID                       its settings and its tags
  set ID KEY=VALUE…             change settings; KEY= alone makes one what it is by default,
                                KEY=@FILE and KEY=- read it from a file or from the standard input
  token ID                      one more script tag, for the present origins
  revoke ID TAG                 end one tag or secret; or all of a kind: tags, sessions
  mcp list ID                   its servers of tools, and what each was seen to offer
  mcp pin ID SERVER [TOOL]      trust what is new or has changed, as list shows it: one tool or all
  mcp secret ID SERVER @FILE    the credential of a server, from a file or the standard input (-);
                                without one the server has none any more
  remove ID                     the site and all threads of its visitors
  keys [list]                   the keys that sign sessions and tags
  keys rotate                   a new key, which signs in a minute
  keys revoke KID               end a key, and everything that it signed

An origin is like https://www.example.com, or https://*.example.com for any one label in place of the star.`;

export interface Invocation {
  ask: Ask;
  /** Reads a file, or the standard input for `-`. */
  read: (place: string) => Promise<string>;
}

/** Runs one command; resolves to what to print. Rejects with `UsageError`, or with what the server says. */
export async function runCommand([command = '', ...words]: string[], { ask, read }: Invocation): Promise<string> {
  const commands: Record<string, () => Promise<string>> = {
    add,
    list: async () => printSites(((await ask('GET', '/sites')) as { sites: Site[] }).sites),
    show: async () => printSite((await ask('GET', sitePath())) as SiteDetails),
    set,
    async token() {
      const { site } = (await ask('GET', sitePath())) as SiteDetails;
      return printTag((await ask('POST', `${sitePath()}/tags`)) as TagView, site);
    },
    revoke,
    mcp: () => mcpCommand(words, { ask, read }),
    async remove() {
      await ask('DELETE', sitePath());
      return `  ${words[0]} is removed. Sessions that are open end within a minute.`;
    },
    keys,
  };
  if (!Object.hasOwn(commands, command)) throw new UsageError(USAGE);
  return (await commands[command]?.()) ?? '';

  function sitePath(): string {
    const [id] = words;
    if (id === undefined) throw new UsageError(`${command} needs the id of a site`);
    return `/sites/${encodeURIComponent(id)}`;
  }

  async function add(): Promise<string> {
    const named = words.filter((word) => !isOrigin(word));
    const origins = words.filter(isOrigin);
    const id = named[0]?.includes('=') === false ? named.shift() : undefined;
    const { patch, secret } = await parseSettings(named, read);
    const all = origins.concat(patch.origins ?? []);
    if (id === undefined || all.length === 0)
      throw new UsageError('add needs an id and an origin: npm run site -- add docs https://docs.example.com');
    const added = (await ask('POST', '/sites', { ...patch, id, origins: all })) as SiteDetails;
    if (secret === undefined) return `${printSite(added)}\n\n  Paste the tag into each page of the site.`;
    await ask('POST', `/sites/${id}/secrets`, { secret });
    return printSite((await ask('GET', `/sites/${id}`)) as SiteDetails);
  }

  async function set(): Promise<string> {
    const path = sitePath();
    const { patch, secret } = await parseSettings(words.slice(1), read);
    if (words.length < 2) throw new UsageError('set needs KEY=VALUE');
    // The site first: a secret that nobody can use yet would still push an older one out.
    if (Object.keys(patch).length > 0) await ask('PATCH', path, patch);
    if (secret !== undefined) await ask('POST', `${path}/secrets`, { secret });
    return `${printSite((await ask('GET', path)) as SiteDetails)}\n\n  Every server sees it within a minute.`;
  }

  async function revoke(): Promise<string> {
    const path = sitePath();
    const [id, what] = words;
    if (what === undefined) throw new UsageError('revoke needs the id of a tag or a secret, or: tags, sessions');
    if (what === 'sessions') {
      await ask('DELETE', `${path}/sessions`);
      return `  The sessions of ${id} end within a minute.`;
    }
    const kind = what.startsWith('sec_') ? 'secrets' : 'tags';
    await ask('DELETE', what === 'tags' ? `${path}/tags` : `${path}/${kind}/${encodeURIComponent(what)}`);
    if (kind === 'secrets') return `  ${what} of ${id} ends within a minute.`;
    const ended = what === 'tags' ? 'All tags' : `Tag ${what}`;
    return [
      `  ${ended} of ${id} will open no session, on any server, within a minute.`,
      '  Sessions that began before live for up to 15 minutes; to end them too:',
      `  npm run site -- revoke ${id} sessions`,
    ].join('\n');
  }

  async function keys(): Promise<string> {
    const [action = 'list', kid] = words;
    if (action === 'list') return printKeys(((await ask('GET', '/keys')) as { keys: KeyInfo[] }).keys);
    if (action === 'rotate') {
      const key = (await ask('POST', '/keys')) as KeyInfo;
      return `  ${key.kid} ${describeKey(key)}. What the key before it signed still counts.`;
    }
    if (action !== 'revoke' || kid === undefined) throw new UsageError('keys list, keys rotate, or keys revoke KID');
    const key = (await ask('DELETE', `/keys/${encodeURIComponent(kid)}`)) as KeyInfo;
    return [
      `  ${key.kid} ${describeKey(key)}: every server knows within half a minute.`,
      '  Tags that it signed open nothing any more. `npm run site -- show ID` prints them anew: paste them again.',
    ].join('\n');
  }
}

function isOrigin(word: string): boolean {
  return word.includes('://') && !word.includes('=');
}
