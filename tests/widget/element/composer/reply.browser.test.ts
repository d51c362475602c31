import { expect, test } from 'vitest';
import { axeViolations } from '../../../axe-violations.ts';
import { storyPage } from '../story/story-page.ts';

// Replies to words of an answer, in the built element under a strict CSP.

const { open, button, text, sent, call, focused, told } = storyPage();
const quoted = async () => (await sent()).at(-1)?.params.input?.['quoted_text'];

test('selected words of an answer are replied to, by keyboard alone', async () => {
  const page = await open({ options: { initialThread: 'thr_1' } });
  await page.getByText('What each plan includes').waitFor();
  await page.getByText('What each plan includes').click({ clickCount: 3 });
  const reply = button('Reply');
  await reply.waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await reply.press('Enter');
  const preview = page.getByRole('figure', { name: 'Replying to' });
  expect(await preview.innerText()).toBe('What each plan includes');
  expect(await focused()).toBe('Message');
  expect(await reply.count()).toBe(0);
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.type('All of them?');
  await page.keyboard.press('Enter');
  await page.getByRole('log').locator('.quoted').waitFor();
  expect(await quoted()).toBe('What each plan includes');
  expect(await preview.count()).toBe(0);
});

test('words that were selected before the composer had all of its parts can be replied to', async () => {
  const page = await open({});
  const held = Promise.withResolvers<void>();
  await page.route('**/assets/extras-*.js', async (route) => {
    await held.promise;
    await route.fallback();
  });
  await call('setThreadId', 'thr_1');
  await page.getByText('What each plan includes').click({ clickCount: 3 });
  expect(await button('Reply').count()).toBe(0);
  held.resolve();
  await button('Reply').waitFor();
});

test('words of the visitor’s own, or of two messages, are nothing to reply to', async () => {
  const page = await open({ options: { initialThread: 'thr_1' } });
  await page.getByText('What each plan includes').waitFor();
  const [own, heading] = [page.locator('.question .bubble'), page.getByText('What each plan includes')];
  const drag = async (from: typeof own): Promise<void> => {
    const [start, end] = [await from.boundingBox(), await heading.boundingBox()];
    await page.mouse.move((start?.x ?? 0) + 20, (start?.y ?? 0) + 12);
    await page.mouse.down();
    await page.mouse.move((end?.x ?? 0) + 90, (end?.y ?? 0) + 12, { steps: 5 });
    await page.mouse.up();
  };
  await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
  await drag(heading);
  await button('Reply').waitFor();
  await own.click({ clickCount: 3 });
  await button('Reply').waitFor({ state: 'detached' });
  await drag(heading);
  await button('Reply').waitFor();
  await drag(own);
  await button('Reply').waitFor({ state: 'detached' });
});

// Shows 51.
test('reply of sendUserMessage is sent, that of setComposerValue is shown and can be removed', async () => {
  const page = await open({});
  await call('sendUserMessage', { text: 'Why?', reply: 'It depends.' });
  await button('Copy answer').waitFor();
  expect(await quoted()).toBe('It depends.');
  await call('setComposerValue', { text: 'And now?', reply: 'In general, yes.' });
  await page.getByRole('figure', { name: 'Replying to' }).getByText('In general, yes.').waitFor();
  await call('setComposerValue', { text: 'And then?' });
  expect(await page.getByRole('figure', { name: 'Replying to' }).isVisible()).toBe(true);
  await button('Remove: Replying to').press('Enter');
  expect(await focused()).toBe('Message');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await sent()).length).toBe(2);
  expect(await quoted()).toBe('');
});

test('a reply that is refused comes back with its quote', async () => {
  const page = await open({ script: { mode: 'refuse' } });
  await call('setComposerValue', { text: 'And now?', reply: 'In general, yes.' });
  await text().press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByRole('figure', { name: 'Replying to' }).getByText('In general, yes.').waitFor();
  await told(({ script }) => {
    script.mode = 'answer';
  });
  await button('Try again').click();
  await button('Copy answer').waitFor();
  expect(await quoted()).toBe('In general, yes.');
});
