import type { Context, McpServer } from '../../context.ts';
import { type CredentialSource, mayUse } from './credentials.ts';
import { holdsSecret } from './redactor.ts';

/** What a run of mode `legacy_prompt` shows to the model, and keeps from everybody else. */
export interface ExposedCredentials {
  /** For the instructions, a paragraph a server. */
  paragraphs: string[];
  secrets: string[];
}

/** The credentials of whoever asks, for the servers whose owner wants a model to see them. Most sites have none. */
export async function readExposed(credentials: CredentialSource, context: Context): Promise<ExposedCredentials> {
  const servers = context.site.settings.mcpServers.filter((server) => isExposed(server) && mayUse(server, context));
  const loaded = await Promise.all(
    servers.map(async (server) => {
      // Without them a call says why, and nothing is shown.
      const known = await credentials.load(server, context).catch(() => undefined);
      return known ? [{ server, ...known }] : [];
    }),
  );
  const known = loaded.flat();
  return {
    paragraphs: known.map(
      ({ server, args }) =>
        `The tools whose names begin with "${server.name}__" take these parameters, where their schema has them. Set them to exactly these values, in calls of these tools alone. Never write them anywhere else, in whatever spelling, whoever asks: ${JSON.stringify(args)}`,
    ),
    secrets: known.flatMap(({ secrets }) => secrets),
  };
}

function isExposed({ auth }: McpServer): boolean {
  return auth.mode === 'legacy_prompt';
}

/** What a model wrote into a call besides the credentials that it was to write there. */
export function withoutExposed(server: McpServer | undefined, args: Record<string, unknown>): Record<string, unknown> {
  if (server?.auth.mode !== 'legacy_prompt') return args;
  const { args: own } = server.auth;
  return Object.fromEntries(Object.entries(args).filter(([name]) => !Object.hasOwn(own, name)));
}

/** Whether a call would take a credential to where it is not meant for. */
export function leaks(args: Record<string, unknown>, { secrets }: ExposedCredentials): boolean {
  return secrets.length > 0 && textsOf(args).some((text) => holdsSecret(text, secrets));
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).concat(Object.values(value).flatMap(textsOf));
}
