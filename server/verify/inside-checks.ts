import type { KeyInfo } from '../auth/rotate-keys.ts';
import { type McpServer, needsUserToken, type Site } from '../context.ts';
import { Fault } from './finding.ts';

/** What a server can say of itself. */
export interface InsideDeps {
  publicUrl: string;
  /** Rejects when nothing can be stored. */
  checkStorage: () => Promise<void>;
  listKeys: () => Promise<KeyInfo[]>;
  listSites: () => Promise<Site[]>;
  countSecrets: (siteId: string) => Promise<number>;
  /** How many keys of the set at that address can be used. Rejects when it cannot be had. */
  countIssuerKeys: (jwksUrl: string) => Promise<number>;
  /** The status that this server of the site's tools answers. Rejects when it cannot be reached. */
  reachToolServer: (siteId: string, server: McpServer) => Promise<number>;
  /** Asks the model for a word: the one of that name, or the server's own. Rejects as its endpoint does. */
  askModel: (name: string | undefined) => Promise<void>;
  /** Which model answers, for people. */
  model: string;
}

/** One thing that a server can look at by itself; resolves to a fact, rejects with a `Fault`. */
export interface InsideCheck {
  name: string;
  /** `url` is the address that the asker knows the server by. */
  run: (url: string) => Promise<string>;
}

/** Milliseconds: every message waits for a write or two. */
const SLOW_WRITE_MS = 500;

/** Everything that a server looks at when it is asked, in the order of what rests on what. */
export async function listInsideChecks(deps: InsideDeps): Promise<InsideCheck[]> {
  const sites = (await deps.listSites()).filter(({ settings }) => !settings.suspended);
  const models = new Set(sites.map(({ settings }) => settings.model));
  return [
    { name: 'configuration', run: (url) => checkConfiguration(deps, url) },
    { name: 'database', run: () => checkDatabase(deps) },
    { name: 'signing keys', run: () => checkKeys(deps) },
    ...[...new Set([undefined, ...models])].map((name) => ({
      name: name === undefined ? 'model' : `model ${name}`,
      run: () => checkModel(deps, name),
    })),
    ...sites.flatMap((site) => siteChecks(deps, site)),
  ];
}

async function checkConfiguration({ publicUrl }: InsideDeps, url: string): Promise<string> {
  const { protocol, hostname } = new URL(publicUrl);
  if (url !== publicUrl)
    throw new Fault(
      `the server believes that it is ${publicUrl}, not ${url}`,
      `Set PUBLIC_URL=${url} and print new tags, or verify the other address.`,
    );
  if (protocol === 'http:' && !isThisMachine(hostname))
    throw new Fault(
      `PUBLIC_URL is ${publicUrl}: pages on https load no script from http`,
      'Put a TLS proxy in front and set PUBLIC_URL to its https address.',
    );
  return `PUBLIC_URL is ${publicUrl}`;
}

/** What browsers take for as good as https (W3C Secure Contexts §3.1). */
function isThisMachine(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  );
}

async function checkDatabase({ checkStorage }: InsideDeps): Promise<string> {
  const first = await timeOf(checkStorage);
  const next = await timeOf(checkStorage);
  if (next > SLOW_WRITE_MS)
    throw new Fault(
      `a write takes ${next} ms, and every message waits for one`,
      'Bring the database nearer to the server, or give it more room.',
    );
  return `can be written, in ${first} ms and ${next} ms`;
}

async function timeOf(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  try {
    await action();
  } catch (error) {
    throw new Fault(
      'nothing can be stored',
      'Look after DATABASE_URL: is the disk full, the file read-only, the database server away?',
      { cause: error },
    );
  }
  return Math.round((performance.now() - started) * 10) / 10;
}

async function checkKeys({ listKeys }: InsideDeps): Promise<string> {
  const keys = await listKeys();
  const current = keys.find(({ state }) => state === 'current');
  if (!current) throw new Fault('no key signs', 'Make one: `npm run site -- keys rotate`.');
  const since = new Date(current.signsFrom).toISOString().slice(0, 10);
  return `${current.kid} signs since ${since}; ${keys.filter(({ state }) => state === 'previous').length} earlier`;
}

/** Why a model endpoint refuses, by the status of its answer. */
const MODEL_FAULTS: Record<number, [string, string]> = {
  401: ['its endpoint refuses the key', 'Set OPENAI_API_KEY to one that is good at OPENAI_BASE_URL.'],
  403: [
    'its endpoint does not let this key use it',
    'Let the key use this model, or set another OPENAI_API_KEY or MODEL.',
  ],
  404: [
    'its endpoint does not know it',
    'Set MODEL to a name that the endpoint has; look at OPENAI_BASE_URL and MODEL_API, too.',
  ],
  429: ['its endpoint says that too much was asked', 'Look at the quota and the bill of the key.'],
};

async function checkModel({ askModel, model }: InsideDeps, name: string | undefined): Promise<string> {
  const started = performance.now();
  try {
    await askModel(name);
  } catch (error) {
    const { status } = error as { status?: unknown };
    const [what, advice] = (typeof status === 'number' && MODEL_FAULTS[status]) || [
      typeof status === 'number' ? `its endpoint answers ${status}` : 'its endpoint cannot be reached',
      'Look at OPENAI_BASE_URL, and at the log of the endpoint.',
    ];
    throw new Fault(`${name ?? model}: ${what}`, advice, { cause: error });
  }
  return `${name ?? model}; answered in ${Math.round(performance.now() - started)} ms`;
}

function siteChecks(deps: InsideDeps, { id, settings }: Site): InsideCheck[] {
  const { countIssuerKeys, countSecrets } = deps;
  const { identity, mcpServers } = settings;
  const checks: InsideCheck[] = [];
  if (identity.mode === 'jwks')
    checks.push({ name: `user keys ${id}`, run: () => checkIssuer(identity.jwksUrl, countIssuerKeys) });
  if (identity.mode === 'secret') checks.push({ name: `user secret ${id}`, run: () => checkSecret(id, countSecrets) });
  for (const server of mcpServers)
    checks.push({ name: `tools ${id} ${server.name}`, run: () => checkTools(deps, id, server) });
  return checks;
}

async function checkIssuer(jwksUrl: string, count: InsideDeps['countIssuerKeys']): Promise<string> {
  const advice = `Open it, and mend it or \`identity.jwksUrl\`. A private address has to be in OUTBOUND_ALLOW.`;
  const keys = await count(jwksUrl).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault(`the key set at ${jwksUrl} cannot be had: ${why}`, advice, { cause: error });
  });
  if (keys === 0) throw new Fault(`the key set at ${jwksUrl} holds no key for RS256, ES256 or EdDSA`, advice);
  return `${keys} of ${jwksUrl}`;
}

async function checkSecret(id: string, count: InsideDeps['countSecrets']): Promise<string> {
  const secrets = await count(id);
  if (secrets === 0)
    throw new Fault('there is no secret, so nobody can sign in', `Set it: \`npm run site -- set ${id} secret=@FILE\`.`);
  return `${secrets} in use`;
}

async function checkTools({ reachToolServer }: InsideDeps, siteId: string, server: McpServer): Promise<string> {
  const { name, url } = server;
  const status = await reachToolServer(siteId, server).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault(
      `${name} at ${url}: ${why}`,
      'Start it, or mend its `url` in `mcpServers`. A private address has to be in OUTBOUND_ALLOW.',
      { cause: error },
    );
  });
  const isRefusal = status === 401 || status === 403;
  // Whoever asks in no user's name is rightly refused.
  if (status < 300 || (isRefusal && needsUserToken(server))) return `${url} answers`;
  throw isRefusal
    ? new Fault(
        `${name} at ${url} refuses the credential of the site (${status})`,
        `Set the one that it takes: \`npm run site -- mcp secret ${siteId} ${name}\`.`,
      )
    : new Fault(
        `what answers at ${url} is no MCP server (${status})`,
        `Mend the \`url\` of ${name} in \`mcpServers\`.`,
      );
}
