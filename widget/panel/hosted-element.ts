/** Where OpenAI publishes its element: always the newest one, and nowhere else. */
const OPENAI = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';
/** A script that has not defined the element by then is given up, so that the visitor has a chat. */
const DEADLINE_MS = 10_000;

/**
 * Loads the script that defines `openai-chatkit` in place of ours: `openai`, or an address. False, with a word in the
 * console, when the tag is not defined in time: the script is blocked, offline or slow.
 */
export async function loadHostedElement(chatkit: string): Promise<boolean> {
  const url = chatkit === 'openai' ? OPENAI : new URL(chatkit, document.baseURI).href;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const fault = await Promise.race([
    customElements.whenDefined('openai-chatkit').then(() => undefined),
    run(url),
    new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`has not defined openai-chatkit after ${DEADLINE_MS / 1_000} s`), DEADLINE_MS);
    }),
  ]);
  clearTimeout(timer);
  // Another script may have defined it while this one failed.
  if (fault === undefined || customElements.get('openai-chatkit')) return true;
  console.warn(`Pagewise: ${url} ${fault}. Its own chat element takes over.`);
  return false;
}

/** Settles only when the script cannot be had: one that was loaded may define the tag at any time after. */
function run(url: string): Promise<string> {
  return new Promise((resolve) => {
    const fail = (): void => resolve('could not be loaded');
    const isThere = [...document.scripts].some(({ src }) => src === url);
    if (isThere) return;
    const script = document.createElement('script');
    script.async = true;
    script.addEventListener('error', fail);
    try {
      // As its publisher says. A module would need permission by CORS, which nobody promises.
      script.src = url;
      document.head.append(script);
    } catch {
      // Under Trusted Types an address is no longer a script's.
      import(/* @vite-ignore */ url).catch(fail);
    }
  });
}
