import type { KeyInfo } from '../auth/rotate-keys.ts';
import type { Site } from '../context.ts';
import type { SiteDetails, TagView } from '../routes/operator.ts';

/** A site in full, as lines for people: its settings in the words that `set` takes. */
export function printSite({ site, tags, secrets }: SiteDetails): string {
  const { identity, ...settings } = site.settings;
  const lines: [string, string][] = [
    ['Site', site.id],
    ['Name', site.name],
    ['Origins', site.origins.join(' ') || 'none: nobody is let in'],
    ...textOf(settings, ''),
    ...textOf(identity, 'identity.'),
    ...(identity.mode === 'secret' && secrets.length === 0
      ? [['Secret', 'none: nobody can sign in before `set ID identity.secret=@FILE`'] as [string, string]]
      : []),
    ...secrets.map(({ id, createdAt }): [string, string] => ['Secret', `${id}, since ${dayOf(createdAt)}`]),
  ];
  return `${table(lines)}\n\n${tags.map((tag) => printTag(tag, site)).join('\n\n') || '  No tag is in use.'}`;
}

/** One tag to paste, under what tells it from the others. */
export function printTag(
  { id, issuedAt, expiresAt, origins, scriptTag }: TagView,
  site: Pick<Site, 'origins'>,
): string {
  const uncovered = site.origins.filter((origin) => !origins.includes(origin));
  const missing = uncovered.length > 0 ? `, not good for ${uncovered.join(' ')}` : '';
  return `  Tag ${id}, of ${dayOf(issuedAt)}, until ${dayOf(expiresAt)}${missing}\n  ${scriptTag}`;
}

export function printSites(sites: Site[]): string {
  if (sites.length === 0) return '  There is no site yet: npm run site -- add ID https://www.example.com';
  return table(
    sites.map(({ id, name, origins, settings }) => [
      id,
      `${name}  ${origins.join(' ')}${settings.suspended ? '  (suspended)' : ''}`,
    ]),
  );
}

export function printKeys(keys: KeyInfo[]): string {
  return table(keys.map((key) => [key.kid, describeKey(key)]));
}

export function describeKey({ state, signsFrom, revokedAt }: KeyInfo): string {
  if (state === 'revoked') return `revoked at ${timeOf(revokedAt ?? 0)}`;
  return state === 'standby'
    ? `standby, signs from ${timeOf(signsFrom)}`
    : `${state}, signs since ${timeOf(signsFrom)}`;
}

function textOf(settings: object, prefix: string): [string, string][] {
  return Object.entries(settings)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]: [string, unknown]) => [
      `${prefix}${name}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
}

function table(lines: [string, string][]): string {
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  return lines.map(([name, value]) => `  ${name.padEnd(width)}${value}`).join('\n');
}

function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+/, '');
}
