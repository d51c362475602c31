import { expect, test } from 'vitest';
import { chatKitStatus, getPageContext, whenChatKitReady } from '../../../widget/client/index.ts';

// A server renders the host's pages with the same modules.
test('without a page everything can be called, and nothing is there yet', async () => {
  expect(getPageContext()).toBeUndefined();
  expect(chatKitStatus.get()).toBe('pending');
  chatKitStatus.subscribe(() => undefined)();
  await expect(whenChatKitReady()).rejects.toMatchObject({ name: 'ChatKitNotReadyError', code: 'no_page' });
});
