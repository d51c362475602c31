import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { en } from '../../../../widget/element/strings/en.ts';
import { FailureBlock } from '../../../../widget/element/view/failure-block.tsx';

// Shows 73, 89.
test('opens the way on once the server has had the rest that it asked for', async () => {
  vi.useFakeTimers();
  const root = document.createElement('div');
  const draw = (retry: 'turn' | undefined, wait?: number) =>
    act(() => {
      const failure = { describe: () => 'Too much', retry, wait };
      render(<FailureBlock failure={failure} strings={en} onRetry={() => undefined} />, root);
    });
  const button = () => root.querySelector('button');
  await draw('turn', 3_000);
  await act(() => void vi.advanceTimersByTime(2_900));
  expect(button()?.disabled).toBe(true);
  await act(() => void vi.advanceTimersByTime(200));
  expect(button()?.disabled).toBe(false);
  await draw('turn');
  expect(button()?.disabled).toBe(false);
  await draw(undefined);
  expect(button()).toBeNull();
  vi.useRealTimers();
});
