/** Re-attaching waits this long: a page that removes what it does not know, at once and always, must not spin with us. */
const SETTLE_MS = 50;

/**
 * Keeps `host` in the body: waits for the body, and comes back when a client-side navigation replaces the body or
 * its children. Returns what ends that.
 */
export function stayAttached(host: HTMLElement): () => void {
  // An image called "body" takes the place of `document.body`.
  const bodies = document.getElementsByTagName('body');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new MutationObserver(() => {
    if (!host.isConnected) timer ??= setTimeout(attach, bodies[0] ? SETTLE_MS : 0);
  });

  function attach(): void {
    timer = undefined;
    observer.disconnect();
    // Direct children only: the page below is none of our business, and watching it would cost.
    observer.observe(document.documentElement, { childList: true });
    const [body] = bodies;
    if (!body) return;
    if (!host.isConnected) body.append(host);
    observer.observe(body, { childList: true });
  }

  attach();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    host.remove();
  };
}
