import { expect, test } from 'vitest';
import { axeViolations } from '../../../axe-violations.ts';
import { storyPage } from '../story/story-page.ts';

// Questions of a server in the composer's place, in the built element under a strict CSP.

const { open, button, text, sent, call, focused, told } = storyPage();

// Shows 99.
test('questions take the composer’s place and are answered by keyboard alone', async () => {
  const page = await open({ script: { mode: 'ask' } });
  await text().fill('Which plan is for us?');
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: 'Questions for you' });
  await form.waitFor();
  expect(await text().isVisible()).toBe(false);
  expect(await page.getByRole('log').getByText('How many people').isVisible()).toBe(false);
  expect(await button('Send answers').isDisabled()).toBe(true);

  // Whoever was writing goes on in the first question: one choice of several.
  await expect.poll(focused).toBe('Just me');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: '2 to 10' }).isChecked()).toBe(true);
  // Own words take its place, and a choice theirs.
  await page.keyboard.press('Tab');
  await page.keyboard.type('About forty');
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
  // Several choices, and own words beside them.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Your own answer: What will you use it for?');
  await page.keyboard.type('Training');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');

  await button('Copy answer').waitFor();
  expect((await sent()).at(-1)).toEqual({
    type: 'threads.add_structured_input',
    params: {
      thread_id: 'thr_1',
      item_id: 'si_1',
      input: {
        status: 'answered',
        answers: {
          size: { values: ['About forty'], skipped: false },
          uses: { values: ['Support', 'Documentation', 'Training'], skipped: false },
          else: { values: [], skipped: true },
        },
      },
    },
  });
  const answered = page.getByRole('log').locator('.answered');
  expect(await answered.getByRole('definition').allTextContents()).toEqual([
    'About forty',
    'Support',
    'Documentation',
    'Training',
    'Skipped',
  ]);
  expect(await text().isVisible()).toBe(true);
  await expect.poll(focused).toBe('Message');
});

// Shows 99.
test('all questions can be skipped at once', async () => {
  const page = await open({ options: { initialThread: 'thr_ask' } });
  await page.getByRole('textbox', { name: 'Is there anything else we should know?' }).fill('half a thought');
  await button('Skip').click();
  await button('Copy answer').last().waitFor();
  expect((await sent()).at(-1)?.params).toEqual({
    thread_id: 'thr_ask',
    item_id: 'si_1',
    input: { status: 'skipped', answers: {} },
  });
  expect(await page.locator('.answered').getByText('Skipped').count()).toBe(3);
});

test('answers that cannot be sent come back as they were filled in', async () => {
  const page = await open({ options: { initialThread: 'thr_ask' }, script: { mode: 'refuse' } });
  await page.getByRole('checkbox', { name: 'Sales' }).check();
  await page.getByRole('textbox', { name: /^Is there anything else/ }).fill('By Friday');
  await button('Send answers').click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('checkbox', { name: 'Sales' }).isChecked()).toBe(true);
  expect(await page.getByRole('textbox', { name: /^Is there anything else/ }).inputValue()).toBe('By Friday');
  await told(({ script }) => {
    script.mode = 'answer';
  });
  await button('Try again').click();
  await page.getByText('By Friday').waitFor();
  const [first, second] = (await sent()).slice(-2);
  expect(second).toEqual(first);
});

test('open questions have no place in the conversation, while its parts load either', async () => {
  const page = await open({ options: {} });
  const held = Promise.withResolvers<void>();
  await page.route('**/assets/rich-item-*.js', async (route) => {
    await held.promise;
    await route.fallback();
  });
  await call('setThreadId', 'thr_ask');
  await page.getByRole('form', { name: 'Questions for you' }).waitFor();
  expect(await page.getByRole('log').getByRole('status').count()).toBe(0);
  held.resolve();
});

// Shows 100.
test('answered questions are read only when their thread is opened', async () => {
  const page = await open({ options: { initialThread: 'thr_asked' } });
  const answered = page.locator('.answered');
  await answered.waitFor();
  expect(await answered.innerText()).toBe(
    [
      'How many people are in your team?',
      '2 to 10',
      'What will you use it for?',
      'Support',
      'Training new colleagues',
      'Is there anything else we should know?',
      'Skipped',
    ].join('\n'),
  );
  expect(await answered.getByRole('textbox').count()).toBe(0);
  expect(await text().isVisible()).toBe(true);
});

test('nobody who only reads is taken to the questions', async () => {
  const page = await open({ options: { initialThread: 'thr_ask' } });
  await page.getByRole('form', { name: 'Questions for you' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
});

test('is clean to axe, asked and answered, in both schemes', async () => {
  for (const theme of ['light', 'dark'])
    for (const initialThread of ['thr_ask', 'thr_asked']) {
      const page = await open({ options: { initialThread, theme } });
      await page.locator(initialThread === 'thr_ask' ? '.questions' : '.answered').waitFor();
      expect(await axeViolations(page)).toEqual([]);
      if (theme === 'light' || initialThread === 'thr_ask') await page.close();
    }
});
