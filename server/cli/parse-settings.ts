import type { SitePatch } from '../sites/patch-site.ts';

/** What somebody typed is not a command of ours; the message says what would be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Changes {
  patch: SitePatch;
  /** A new shared secret: kept apart from the settings. */
  secret?: string;
}

type Kind = 'text' | 'list' | 'flag' | 'number' | 'prompts' | 'json';

const SETTINGS: Record<string, Kind> = {
  greeting: 'text',
  placeholder: 'text',
  disclaimer: 'text',
  prompts: 'prompts',
  theme: 'text',
  accent: 'text',
  pageContext: 'text',
  instructions: 'text',
  model: 'text',
  mcpServers: 'json',
  suspended: 'flag',
};
/** Below `identity`; the prefix may be left out. */
const IDENTITY: Record<string, Kind> = {
  mode: 'text',
  issuer: 'text',
  jwksUrl: 'text',
  requireSignIn: 'flag',
  signInUrl: 'text',
  directUserToken: 'flag',
  claims: 'list',
  signInHours: 'number',
};
const NAMES = ['name', 'origins', ...Object.keys(SETTINGS)]
  .concat(Object.keys(IDENTITY).map((name) => `identity.${name}`))
  .concat('identity.secret');

/**
 * `KEY=VALUE …` as changes of a site. A name is good in camelCase, kebab-case and snake_case; a value of `@FILE` or
 * `-` is read by `read` from that file or from the standard input, and no value at all makes the setting what it is
 * by default. Throws `UsageError`.
 */
export async function parseSettings(words: string[], read: (place: string) => Promise<string>): Promise<Changes> {
  const changes: Changes = { patch: {} };
  const settings: Record<string, unknown> = {};
  const identity: Record<string, unknown> = {};
  for (const word of words) {
    const [, key = '', written = ''] = /^(?:--)?([^=]+)=(.*)$/s.exec(word) ?? [];
    if (key === '') throw new UsageError(`${word} is not KEY=VALUE`);
    const name = toCamelCase(key).replace(/^identity\./, '');
    const text = /^@.|^-$/.test(written) ? (await read(written === '-' ? '-' : written.slice(1))).trim() : written;
    if (name === 'secret') changes.secret = text;
    else if (name === 'name') changes.patch.name = text;
    else if (name === 'origins' || name === 'origin') changes.patch.origins = toList(text);
    else if (name === 'identity') identity['mode'] = text;
    else if (Object.hasOwn(IDENTITY, name)) identity[name] = toValue(key, text, IDENTITY[name]);
    else if (Object.hasOwn(SETTINGS, name)) settings[name] = toValue(key, text, SETTINGS[name]);
    else throw new UsageError(`${key} is no setting; there are ${NAMES.join(', ')}`);
  }
  if (Object.keys(identity).length > 0) settings['identity'] = identity;
  if (Object.keys(settings).length > 0) changes.patch.settings = settings;
  return changes;
}

function toCamelCase(key: string): string {
  return key.replace(/[-_]+([a-z])/gi, (_, letter: string) => letter.toUpperCase());
}

function toList(text: string): string[] {
  return text.split(/[\s,]+/).filter((entry) => entry !== '');
}

/** The value that JSON would have; `null` for none. What it may be is the server's to say. */
function toValue(key: string, text: string, kind: Kind | undefined): unknown {
  if (text === '') return null;
  if (kind === 'list') return toList(text);
  if (kind === 'number') return Number(text);
  if (kind === 'prompts') return toPrompts(key, text);
  if (kind === 'json') return parseJson(key, text);
  if (kind !== 'flag') return text;
  if (text !== 'true' && text !== 'false') throw new UsageError(`${key} is true or false`);
  return text === 'true';
}

/** A JSON list of `{label, prompt}`, or questions with `|` between them, each its own label. */
function toPrompts(key: string, text: string): unknown {
  if (!text.startsWith('['))
    return text.split('|').map((question) => ({ label: question.trim(), prompt: question.trim() }));
  return parseJson(key, text);
}

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${key} is not JSON`);
  }
}
