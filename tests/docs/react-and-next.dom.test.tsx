import { join } from 'node:path';
import { type ComponentType, render } from 'preact';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Snippets, writeSnippets } from './snippets.ts';

// The code of docs/react-and-next.md that runs in a page, as a reader would copy it.

let snippets: Snippets;
let options: { api: { url: string; fetch: typeof fetch } } | undefined;
const sent: { headers: Record<string, string>; body: { metadata: unknown } }[] = [];

beforeAll(async () => {
  snippets = await writeSnippets('react-and-next.md');
  vi.stubGlobal('fetch', async (_url: string, { headers, body }: { headers: Record<string, string>; body: string }) => {
    sent.push({ headers, body: JSON.parse(body) as { metadata: unknown } });
    return Response.json({});
  });
  document.title = 'Returns';
  document.body.innerHTML = '<main><h1>Returns</h1><p>Thirty days.</p></main><div id="chat"></div>';
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await snippets.close();
});

async function load<Module>(file: string): Promise<Module> {
  return (await import(/* @vite-ignore */ join(snippets.directory, file))) as Module;
}

const CREATE = { type: 'threads.create', params: { input: { content: [{ type: 'input_text', text: 'How long?' }] } } };
const post = () => options?.api.fetch('/chatkit', { method: 'POST', body: JSON.stringify(CREATE) });
const host = () => document.querySelector('#chat') as HTMLElement;

test('before the element is there, the promise says why not', async () => {
  vi.useFakeTimers();
  const { openChat } = await load<{
    openChat: (show: () => void, say: (words: string) => void, signal: AbortSignal) => Promise<void>;
  }>('when-ready.ts');
  const [show, say] = [vi.fn(), vi.fn()];
  const opened = openChat(show, say, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(5_000);
  await opened;
  expect(say).toHaveBeenCalledWith('The chat is slow today.');
  expect(show).not.toHaveBeenCalled();
  vi.useRealTimers();
});

test('the page is told as the widget would tell it', async () => {
  const { describePage } = await load<{ describePage: (question: string) => string }>('own-fetch.ts');
  expect(describePage('How long?')).toBe('Returns\n# Returns\n\nThirty days.');
});

test('the component hands the element a fetch that carries token, page and user, and asks to sign in without one', async () => {
  const { Chat } = await load<{ Chat: ComponentType<{ url: string; readToken: () => Promise<string | undefined> }> }>(
    'chat.tsx',
  );
  const tokens = ['of-ada', undefined];
  render(<Chat url="/chatkit" readToken={async () => tokens.shift()} />, host());
  customElements.define(
    'openai-chatkit',
    class extends HTMLElement {
      setOptions(given: typeof options): void {
        options = given;
      }
    },
  );
  await vi.waitFor(() => expect(options?.api.url).toBe('/chatkit'));
  await post();
  expect(new Headers(sent[0]?.headers).get('authorization')).toBe('Bearer of-ada');
  expect(sent[0]?.body.metadata).toMatchObject({ userInfo: { plan: 'pro' }, pageContext: { title: 'Returns' } });

  await expect(post()).rejects.toMatchObject({ name: 'NotSignedInError', code: 'user_token_required' });
  await vi.waitFor(() => expect(host().textContent).toBe('Sign in to chat'));
  expect(sent).toHaveLength(1);
  render(null, host());
});
