import type { ToolServerView, ToolView } from '../routes/operator-tools.ts';
import { UsageError } from './parse-settings.ts';
import type { Invocation } from './run-command.ts';

const STATES: Record<ToolView['state'], string> = {
  pinned: 'in use',
  changed: 'not in use: changed since it was pinned',
  new: 'not in use: not there when the server was first seen',
};
const DESCRIPTION_CHARS = 200;

const USAGE = 'mcp list ID, mcp pin ID SERVER [TOOL], or mcp secret ID SERVER @FILE';

/** `mcp …`: what an owner does with the servers of tools of a site. Resolves to what to print. */
export async function mcpCommand(
  [action = '', id, server, what]: string[],
  { ask, read }: Invocation,
): Promise<string> {
  if (id === undefined) throw new UsageError(USAGE);
  const path = `/sites/${encodeURIComponent(id)}/mcp`;
  if (action === 'list') return printServers(((await ask('GET', path)) as { servers: ToolServerView[] }).servers);
  if (server === undefined || !['pin', 'secret'].includes(action)) throw new UsageError(USAGE);
  const place = `${path}/${encodeURIComponent(server)}`;
  if (action === 'pin') {
    const { pinned } = (await ask('POST', `${place}/pins`, what === undefined ? {} : { tool: what })) as {
      pinned: string[];
    };
    return `  Pinned as they were seen last: ${pinned.join(', ')}. In use within half a minute.`;
  }
  if (what === undefined) {
    await ask('DELETE', `${place}/secret`);
    return `  The credential of ${server} is forgotten within half a minute.`;
  }
  // On the command line it would stay in the history of the shell.
  if (!/^@.|^-$/.test(what)) throw new UsageError('the credential is read from @FILE, or from the standard input: -');
  await ask('PUT', `${place}/secret`, { secret: (await read(what === '-' ? '-' : what.slice(1))).trim() });
  return `  The credential of ${server} is kept, and sent within half a minute.`;
}

function printServers(servers: ToolServerView[]): string {
  if (servers.length === 0) return '  The site has no servers of tools: npm run site -- set ID mcpServers=@FILE';
  return servers.map(printServer).join('\n\n');
}

function printServer({ name, url, mode, hasSecret, tools }: ToolServerView): string {
  const credential = mode === 'service' && !hasSecret ? ', which is not set: mcp secret ID SERVER @FILE' : '';
  return [
    `  ${name}  ${url}  auth ${mode}${credential}`,
    ...(tools.length === 0 ? ['    Not seen yet: it is asked at the first question.'] : tools.map(printTool)),
  ].join('\n');
}

function printTool({ name, state, description, isRead }: ToolView): string {
  // What a server says of itself goes to a terminal: as one line, and without what a terminal obeys.
  const line = description.slice(0, DESCRIPTION_CHARS).replace(/\p{C}+/gu, ' ');
  return `    ${name}  ${STATES[state]}  ${isRead ? 'reads' : 'asks first'}\n      ${line}`;
}
