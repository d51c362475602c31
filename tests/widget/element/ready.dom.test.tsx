import type { OpenAIChatKit } from '@openai/chatkit';
import { ChatKit, useChatKit } from '@openai/chatkit-react';
import { render } from 'preact';
import { afterEach, expect, test, vi } from 'vitest';
import '../../../widget/element/main.tsx';

const api = { url: '/chatkit', domainKey: 'local', fetch: () => new Promise<Response>(() => {}) };
let root: HTMLElement | undefined;

afterEach(() => {
  if (root) render(null, root);
  root?.remove();
  root = undefined;
  vi.useRealTimers();
});

function Host({ onReady }: { onReady: (detail: unknown) => void }) {
  const { control } = useChatKit({ api, onReady: () => onReady(null), composer: { placeholder: 'Ask' } });
  return <ChatKit control={control} />;
}

// Shows 30.
test('calls onReady of the real chatkit-react once, at every cold mount', async () => {
  for (let round = 0; round < 20; round += 1) {
    root = document.createElement('div');
    document.body.append(root);
    const onReady = vi.fn();
    render(<Host onReady={onReady} />, root);
    await vi.waitFor(() => expect(onReady).toHaveBeenCalledTimes(1));
    render(null, root);
    root.remove();
    expect(onReady).toHaveBeenCalledTimes(1);
  }
});

function mount(): OpenAIChatKit {
  root = document.createElement('div');
  document.body.append(root);
  const element = document.createElement('openai-chatkit') as OpenAIChatKit;
  root.append(element);
  return element;
}

// Shows 29, 31.
test('replays a ready that nobody heard, once', async () => {
  vi.useFakeTimers();
  const element = mount();
  element.setOptions({ api });
  await vi.advanceTimersByTimeAsync(1_000);
  const late = vi.fn((event: Event) => (event as CustomEvent).detail as unknown);
  element.addEventListener('chatkit.ready', late);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(late).toHaveBeenCalledTimes(1);
  expect(late).toHaveReturnedWith(null);
  const later = vi.fn();
  element.addEventListener('chatkit.ready', later);
  element.setOptions({ api });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(late).toHaveBeenCalledTimes(1);
  expect(later).not.toHaveBeenCalled();
});

// Shows 32.
test('holds every other event back until ready', async () => {
  vi.useFakeTimers();
  const element = mount();
  const heard: string[] = [];
  for (const name of ['ready', 'thread.load.start', 'thread.change'])
    element.addEventListener(`chatkit.${name}`, () => heard.push(name));
  element.setOptions({ api, initialThread: 'thr_1' });
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(heard).toEqual(['ready', 'thread.load.start', 'thread.change']);
});

// Shows 19, 20, 21.
test('takes options that were set before it was defined, and never throws', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const element = mount();
  for (const odd of [
    null,
    7,
    'x',
    {},
    { api: 3 },
    { api: { getClientSecret: () => 'x' } },
    { api, theme: 5, header: [] },
  ])
    expect(element.setOptions(odd as never)).toBeUndefined();
  element.setOptions({ api, colour: 'red' } as never);
  element.setOptions({ api, colour: 'red' } as never);
  expect(vi.mocked(console.warn).mock.calls).toEqual([['openai-chatkit: unknown option "colour" is ignored']]);
});

// Shows 18.
test('replaces options: what the next call leaves out is gone', async () => {
  const element = mount();
  element.setOptions({ api, disclaimer: { text: 'Check facts.' } });
  await vi.waitFor(() => expect(element.shadowRoot?.textContent).toContain('Check facts.'));
  element.setOptions({ api });
  await vi.waitFor(() => expect(element.shadowRoot?.textContent).not.toContain('Check facts.'));
});

// Shows 28, 43.
test('explains options that only name the hosted service, and tells the host', async () => {
  const element = mount();
  const errors: unknown[] = [];
  element.addEventListener('chatkit.error', (event) => errors.push(event.detail));
  element.setOptions({ api: { getClientSecret: async () => 'secret' } });
  await vi.waitFor(() => expect(errors).toMatchObject([{ error: { message: expect.stringContaining('api.url') } }]));
  expect(element.shadowRoot?.textContent).toContain('api.url');
});

// Shows 8.
test('rejects a method that waits for ready when the element leaves', async () => {
  const element = mount();
  const waiting = element.setThreadId(null);
  element.setOptions({ api });
  element.remove();
  await expect(waiting).rejects.toThrow('removed');
});
