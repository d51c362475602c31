/**
 * The script tag that runs us. `document.currentScript` can be clobbered by an element of that name, and is `null` in
 * a module, so it is believed only when it is a script; else the tag is looked up by what only ours has.
 */
export function findScript(): HTMLScriptElement | undefined {
  const current: unknown = document.currentScript;
  if (current instanceof HTMLScriptElement) return current;
  for (const script of document.querySelectorAll('script[data-site-token]'))
    if (script instanceof HTMLScriptElement && script.src && new URL(script.src).pathname.endsWith('/widget.js'))
      return script;
  return undefined;
}
