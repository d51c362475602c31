/**
 * The address of a link in an answer, if it may be followed: http, https, a bare mailto, or tel, resolved against
 * `base`. The parsed form is given back and never the text, because a browser ignores tabs and line ends inside
 * `java\nscript:` just as this parser does.
 */
export function safeLink(href: string, base: string): URL | undefined {
  const url = parse(href, base);
  if (!url || !/^(?:https?|mailto|tel):/.test(url.href)) return undefined;
  // A mail draft with a subject and a text of somebody else's is not a link a reader expects.
  if (url.protocol === 'mailto:') url.search = '';
  // `https://bank.example@evil.example` leads to the second host; what stands before it is there to be read.
  url.username = '';
  url.password = '';
  return url;
}

/** The host that a link really goes to, when its words name another one. */
export function hiddenHost(words: string, url: URL): string | undefined {
  if (!/^https?:/.test(url.href)) return undefined;
  const named =
    /^[^\p{L}\p{N}]*(?:https?:\/\/)?(?:[^\s/@]*@)?(?<host>[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)(?:[/:?#]|[^\p{L}\p{N}]*$)/iu.exec(
      // Marks that are not shown, and escapes.
      words.replace(/[*_~`\\]/g, ''),
    );
  const host = named?.groups?.host;
  const shown = parse(`https://${host}`, undefined)?.hostname ?? '';
  return host && withoutWww(shown) !== withoutWww(url.hostname) ? url.hostname : undefined;
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, '');
}

/** An image's address, if it is https on one of the hosts that the thread allows. */
export function safeImage(src: string, domains: readonly string[] | undefined, base: string): string | undefined {
  const url = parse(src, base);
  const allowed = url?.protocol === 'https:' && !url.username && !url.password && domains?.includes(url.hostname);
  return allowed ? url.href : undefined;
}

/** The address of a picture that a server sends as such: http, https, or the image itself in a data URL. */
export function safePicture(src: string, base: string): string | undefined {
  const { href = '' } = parse(src, base) ?? {};
  return /^(?:https?:|data:image\/)/.test(href) ? href : undefined;
}

function parse(href: string, base: string | undefined): URL | undefined {
  try {
    return new URL(href, base);
  } catch {
    return undefined;
  }
}
