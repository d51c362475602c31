import { expect, test } from 'vitest';
import { ChatKitElement } from '../../../widget/element/chatkit-element.tsx';

// Shows 2.
test('can be imported where there is no DOM', async () => {
  await import('../../../widget/element/main.tsx');
  expect(typeof ChatKitElement).toBe('function');
});
