import { Failure } from './failure.ts';

/** Resolves once `openai-chatkit` is defined: by the page, or by ours, which `loadElement` brings. */
export async function awaitElement(loadElement: () => Promise<unknown>): Promise<void> {
  if (customElements.get('openai-chatkit')) return;
  try {
    await loadElement();
  } catch (error) {
    throw new Failure('chat_missing', 'the chat element could not be loaded', error);
  }
  if (!customElements.get('openai-chatkit'))
    throw new Failure('chat_missing', 'the chat element did not define openai-chatkit');
}
