const SCHEMES = new Set(['https:', 'http:', 'mailto:', 'tel:']);

/**
 * The address of a link in an answer, if it may be followed: http, https, a bare mailto, or tel, resolved against
 * `base`. The parsed form is given back and never the text, because a browser ignores tabs and line ends inside
 * `java\nscript:` just as this parser does.
 */
export function safeLink(href: string, base: string): URL | undefined {
  const url = parse(href, base);
  if (!url || !SCHEMES.has(url.protocol)) return undefined;
  // A mail draft with a subject and a text of somebody else's is not a link a reader expects.
  if (url.protocol === 'mailto:') url.search = '';
  // `https://bank.example@evil.example` leads to the second host; what stands before it is there to be read.
  url.username = '';
  url.password = '';
  return url;
}

/** The host that a link really goes to, when its words name another one. */
export function hiddenHost(words: string, url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const named = /^\s*(?:https?:\/\/)?(?:[^\s/@]*@)?(?<host>[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)(?:[/:?#]|\s*$)/iu.exec(
    words,
  );
  const host = named?.groups?.host;
  if (!host) return undefined;
  const shown = parse(`https://${host}`, undefined)?.hostname;
  return shown === url.hostname || shown === `www.${url.hostname}` || `www.${shown}` === url.hostname
    ? undefined
    : url.hostname;
}

/** An image's address, if it is https on one of the hosts that the thread allows. */
export function safeImage(src: string, domains: readonly string[] | undefined, base: string): string | undefined {
  const url = parse(src, base);
  const allowed = url?.protocol === 'https:' && !url.username && !url.password && domains?.includes(url.hostname);
  return allowed ? url.href : undefined;
}

/** The address of a picture that a server sends as such: http, https, or the image itself in a data URL. */
export function safePicture(src: string, base: string): string | undefined {
  const url = parse(src, base);
  const { protocol, href } = url ?? { protocol: '', href: '' };
  return protocol === 'https:' || protocol === 'http:' || href.startsWith('data:image/') ? href : undefined;
}

function parse(href: string, base: string | undefined): URL | undefined {
  try {
    return new URL(href, base);
  } catch {
    return undefined;
  }
}
