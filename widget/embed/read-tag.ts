import type { TagSettings } from '../panel/panel-options.ts';

const LONGEST_TEXT = 500;

/**
 * The settings in the tag's `data-*` attributes. A value that cannot be used is reported once, by the attribute's
 * name, and left out, so that the site's setting or the default holds.
 */
export function readTag(script: HTMLScriptElement): TagSettings {
  const choice = <T extends string>(name: string, ...allowed: T[]): T | undefined =>
    read(name, `one of ${allowed.join(', ')}`, (value) => allowed.find((word) => word === value));
  const text = (name: string): string | undefined =>
    read(name, `text of at most ${LONGEST_TEXT} characters`, (value) =>
      value.length <= LONGEST_TEXT ? value : undefined,
    );

  function read<T>(name: string, expected: string, parse: (value: string) => T | undefined): T | undefined {
    const value = script.getAttribute(`data-${name}`)?.trim();
    if (!value) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) console.error(`Pagewise: data-${name} must be ${expected}; "${value}" is ignored.`);
    return parsed;
  }

  const siteToken = read('site-token', 'a site token', (value) => (/^[\w.-]{1,8192}$/.test(value) ? value : undefined));
  if (!script.getAttribute('data-site-token')?.trim())
    console.error('Pagewise: the script tag needs data-site-token, the token of this site.');
  const open = script.getAttribute('data-open');
  // Every setting is its own property, also where it is undefined: a page's `Object.prototype.label` is none of ours.
  return {
    theme: choice('theme', 'auto', 'light', 'dark'),
    accent: read('accent', 'a CSS colour', (value) => (CSS.supports('color', value) ? value : undefined)),
    locale: read('locale', 'a language tag such as en or pt-BR', canonicalLocale),
    label: text('label'),
    greeting: text('greeting'),
    context: choice('context', 'page', 'basic', 'off'),
    selection: choice('selection', 'on', 'off'),
    chatkit: read('chatkit', 'self, openai or an address', (value) =>
      /^(?:self|openai|(?:https?:\/)?\/.+)$/.test(value) ? value : undefined,
    ),
    domainKey: text('domain-key'),
    // Whatever it holds is shown to the server: left out here, a user would turn into somebody anonymous.
    userToken: script.getAttribute('data-user-token')?.trim() || undefined,
    siteToken: siteToken ?? '',
    position: choice('position', 'bottom-right', 'bottom-left') ?? 'bottom-right',
    open: open !== null && open !== 'false',
  };
}

function canonicalLocale(value: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(value)[0];
  } catch {
    return undefined;
  }
}
