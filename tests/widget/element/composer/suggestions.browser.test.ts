import { expect, test } from 'vitest';
import { axeViolations } from '../../../axe-violations.ts';
import { storyPage } from '../story/story-page.ts';

// Mentions and commands in the composer of the built element under a strict CSP.

const { open, button, text, sent, calls, call, told } = storyPage();

const MENTIONS = { host: { mentions: {} } };
const COMMANDS = { host: { commands: true } };
const content = async () => (await sent()).at(-1)?.params.input?.['content'];
const ADA = {
  type: 'input_tag',
  id: 'u_1',
  text: 'Ada Lovelace',
  group: 'People',
  data: { team: 'Engines' },
  interactive: false,
};

// Shows 111.
test('"@" asks once the typing rests, in groups, and arrows, Enter and Tab choose', async () => {
  const page = await open(MENTIONS);
  const options = page.getByRole('option');
  await text().fill('Ask ');
  // Faster than any machine is slow: all in one task.
  await text().evaluate((node: HTMLTextAreaElement) => {
    for (const letter of '@ad') {
      node.setRangeText(letter, node.value.length, node.value.length, 'end');
      node.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
  });
  await options.first().waitFor();
  expect(await calls()).toEqual([['mention', 'ad']]);
  expect(await options.allTextContents()).toEqual(['Ada Lovelace', 'Adam Smith', 'Adele Goldberg', 'Admission form']);
  expect(await page.getByRole('group', { name: 'Documents' }).getByRole('option').count()).toBe(1);
  const active = page.getByRole('option', { selected: true });
  expect(await active.textContent()).toBe('Ada Lovelace');
  expect(await text().getAttribute('aria-activedescendant')).toBe(await active.getAttribute('id'));
  await page.keyboard.press('ArrowUp');
  expect(await active.textContent()).toBe('Admission form');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await text().inputValue()).toBe('Ask @Ada Lovelace ');
  await page.keyboard.type('and @adam');
  await expect.poll(() => options.allTextContents()).toEqual(['Adam Smith']);
  await page.keyboard.press('Tab');
  expect(await text().inputValue()).toBe('Ask @Ada Lovelace and @Adam Smith ');
  await page.keyboard.press('Enter');
  await button('Copy answer').waitFor();
  expect(await content()).toEqual([
    { type: 'input_text', text: 'Ask ' },
    ADA,
    { type: 'input_text', text: ' and ' },
    { type: 'input_tag', id: 'u_2', text: 'Adam Smith', group: 'People', data: {}, interactive: true },
  ]);
});

// Shows 111.
test('an answer that comes late is dropped, and Escape closes until another sign', async () => {
  const page = await open(MENTIONS);
  await told(({ script }) => {
    script.slow = { a: new Promise((resolve) => Object.assign(window, { letGo: resolve })) };
  });
  await text().pressSequentially('@a');
  await page.waitForFunction(() => (window as unknown as { calls: unknown[] }).calls.length === 1);
  await page.keyboard.type('dm');
  await expect.poll(() => page.getByRole('option').allTextContents()).toEqual(['Admission form']);
  await page.evaluate(() => (window as unknown as { letGo(): void }).letGo());
  await expect.poll(() => page.getByRole('option').allTextContents()).toEqual(['Admission form']);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('listbox').count()).toBe(0);
  await page.keyboard.type('i');
  expect(await page.getByRole('listbox').count()).toBe(0);
  await page.keyboard.type(' @ad');
  await page.getByRole('listbox').waitFor();
});

test('a search that fails is told to the host, and the message can be sent as typed', async () => {
  const page = await open(MENTIONS);
  await told(({ script }) => {
    script.failing = 'zz';
  });
  await text().pressSequentially('@zz');
  await page.getByText('Nothing found').waitFor();
  expect(await told(({ events }) => events.map(([name]) => name))).toContain('error');
  await page.keyboard.press('Enter');
  await button('Copy answer').waitFor();
  expect(await content()).toEqual([{ type: 'input_text', text: '@zz' }]);
});

test('the "@" button stands where the host asks for it, and opens the search', async () => {
  const page = await open({ host: { mentions: { showComposerMenu: true } } });
  await text().fill('Ask');
  await button('Mention').click();
  await page.getByRole('option', { name: 'Adam Smith' }).click();
  expect(await text().inputValue()).toBe('Ask @Adam Smith ');
});

// Shows 112.
test('a tag is one unit: to one backspace, to the arrows and to a selection', async () => {
  const page = await open(MENTIONS);
  await call('setComposerValue', {
    content: [{ type: 'input_text', text: 'Ask ' }, ADA, { type: 'input_text', text: '!' }],
  });
  await page.locator('.backdrop mark').waitFor();
  await text().focus();
  const caret = () => text().evaluate((node: HTMLTextAreaElement) => [node.selectionStart, node.selectionEnd]);
  await text().evaluate((node: HTMLTextAreaElement) => node.setSelectionRange(4, 4));
  await page.keyboard.press('ArrowRight');
  await expect.poll(caret).toEqual([17, 17]);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(caret).toEqual([4, 4]);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(caret).toEqual([4, 17]);
  await page.keyboard.press('ArrowRight');
  await expect.poll(caret).toEqual([17, 17]);
  await page.keyboard.press('Backspace');
  expect(await text().inputValue()).toBe('Ask !');
  await page.keyboard.press('Control+z');
  expect(await text().inputValue()).toBe('Ask @Ada Lovelace!');
});

// Shows 112.
test('copied and pasted, a tag keeps its words', async () => {
  const page = await open(MENTIONS);
  await call('setComposerValue', { content: [ADA] });
  await text().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type(' or ');
  await page.keyboard.press('Control+v');
  expect(await text().inputValue()).toBe('@Ada Lovelace or @Ada Lovelace');
  await page.keyboard.press('Enter');
  await button('Copy answer').waitFor();
  expect(await content()).toEqual([ADA, { type: 'input_text', text: ' or @Ada Lovelace' }]);
});

// Shows 104.
test('a draft with tags survives the history, new options and a refused send', async () => {
  const page = await open({ ...MENTIONS, script: { mode: 'refuse' } });
  await call('setComposerValue', { content: [ADA, { type: 'input_text', text: ', please' }] });
  await button('Chat history').click();
  await page.getByRole('button', { name: /^Message limits/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    const { story } = window as unknown as { story: { options: object } };
    story.options = { ...story.options, theme: 'dark' };
  });
  expect(await text().inputValue()).toBe('@Ada Lovelace, please');
  await text().press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await text().inputValue()).toBe('@Ada Lovelace, please');
  await told(({ script }) => {
    script.mode = 'answer';
  });
  await button('Try again').click();
  await button('Copy answer').waitFor();
  expect(await content()).toEqual([ADA, { type: 'input_text', text: ', please' }]);
});

// Shows 113.
test('"/" opens at the start of a line or after a space alone', async () => {
  const page = await open(COMMANDS);
  const list = page.getByRole('listbox', { name: 'Suggestions' });
  await page.clock.install();
  await text().pressSequentially('and/or https://x.y');
  // Longer than any rest of the typing.
  await page.clock.runFor(1_000);
  expect(await calls()).toEqual([]);
  await page.clock.resume();
  await page.keyboard.type(' /');
  await list.waitFor();
  await page.keyboard.type('zzz');
  await list.waitFor({ state: 'detached' });
  await text().fill('');
  await page.keyboard.type('One');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('/');
  await list.waitFor();
});

// Shows 113.
test('a command only acts, leads to another menu and back, or names an entity', async () => {
  const page = await open(COMMANDS);
  const rows = page.getByRole('option');
  await text().pressSequentially('See /clear');
  await rows.getByText('Clear the screen').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => text().inputValue()).toBe('See ');
  await page.keyboard.type('/link');
  await rows.getByText('Link a ticket').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => rows.allTextContents()).toEqual(['Ticket 4711', 'Ticket 4712Waits for an answer']);
  await page.keyboard.press('Escape');
  await rows.getByText('Clear the screen').waitFor();
  await page.keyboard.type('link');
  await expect.poll(() => rows.allTextContents()).toEqual(['Link a ticket']);
  await page.keyboard.press('Enter');
  await rows.getByText('Ticket 4711').waitFor();
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await expect.poll(() => text().inputValue()).toBe('See @Ticket 4712 ');
  expect((await calls()).filter((entry) => (entry as string[])[0] === 'select')).toEqual([
    ['select', 'clear'],
    ['select', 'ticket'],
    ['select', 'ticket'],
    ['select', 't_2'],
  ]);
  await page.keyboard.press('Enter');
  await button('Copy answer').waitFor();
  expect(await content()).toEqual([
    { type: 'input_text', text: 'See ' },
    { type: 'input_tag', id: 't_2', text: 'Ticket 4712', data: {}, interactive: false },
  ]);
});

test('a command that fails is told to the host and leaves nothing behind', async () => {
  const page = await open(COMMANDS);
  await text().pressSequentially('/never');
  await page.getByRole('option').getByText('Never works').click();
  await expect.poll(() => text().inputValue()).toBe('');
  await expect.poll(() => told(({ events }) => events.map(([name]) => name))).toContain('error');
});

test('"/" has the composer’s own actions, its tools and its models', async () => {
  const page = await open({
    host: { mentions: {} },
    options: {
      commands: { enabled: true },
      composer: {
        attachments: { enabled: true },
        tools: [{ id: 'search', label: 'Search the docs', icon: 'search' }],
        models: [
          { id: 's', label: 'Small' },
          { id: 'l', label: 'Large' },
        ],
      },
    },
  });
  const rows = page.getByRole('option');
  await text().pressSequentially('/');
  await expect.poll(() => rows.allTextContents()).toEqual(['Attach files', 'Mention', 'ModelSmall', 'Search the docs']);
  await rows.getByText('Model', { exact: true }).click();
  await rows.getByText('Large').click();
  await button('Model: Large').waitFor();
  expect(await text().inputValue()).toBe('');
  await page.keyboard.type('/sea');
  await page.keyboard.press('Enter');
  await button('Clear tool: Search the docs').waitFor();
  await page.keyboard.type('/men');
  await page.keyboard.press('Enter');
  expect(await text().inputValue()).toBe('@');
  await rows.getByText('Ada Lovelace').waitFor();
});

test('is clean to axe with suggestions and tags, in both schemes', async () => {
  for (const theme of ['light', 'dark']) {
    const page = await open({ options: { theme }, host: { mentions: {}, commands: true } });
    await call('setComposerValue', { content: [ADA] });
    await text().press('End');
    await page.keyboard.type(' @a');
    await page.getByRole('listbox').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.type(' /');
    await page.getByRole('listbox').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    if (theme === 'light') await page.close();
  }
});
