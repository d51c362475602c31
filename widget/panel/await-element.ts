import { Failure } from './failure.ts';

/**
 * Resolves once `openai-chatkit` is defined: by the page, by the script that the tag names (`chatkit`), or by ours, which
 * `loadElement` brings. True: it is ours.
 */
export async function awaitElement(chatkit: string | undefined, loadElement: () => Promise<unknown>): Promise<boolean> {
  if (customElements.get('openai-chatkit')) return isOurs();
  if (chatkit && chatkit !== 'self' && (await loadHosted(chatkit))) return isOurs();
  try {
    await loadElement();
  } catch (error) {
    throw new Failure('chat_missing', 'the chat element could not be loaded', error);
  }
  if (!customElements.get('openai-chatkit'))
    throw new Failure('chat_missing', 'the chat element did not define openai-chatkit');
  return isOurs();
}

async function loadHosted(chatkit: string): Promise<boolean> {
  const { loadHostedElement } = await import('./hosted-element.ts');
  return loadHostedElement(chatkit);
}

function isOurs(): boolean {
  return (customElements.get('openai-chatkit') as { isPagewise?: true } | undefined)?.isPagewise === true;
}
