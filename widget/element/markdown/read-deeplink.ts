/** `chatkit-link://name?key=value`: a link that the host page follows, not the browser. */
export function readDeeplink(href: string): { name: string; data: Record<string, string> } | undefined {
  const { name, query } = /^chatkit-link:\/\/(?<name>[^?#]+)(?:\?(?<query>[^#]*))?/i.exec(href)?.groups ?? {};
  if (!name) return undefined;
  return { name: decode(name.replace(/\/$/, '')), data: Object.fromEntries(new URLSearchParams(query)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
