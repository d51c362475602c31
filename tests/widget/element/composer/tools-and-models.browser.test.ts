import { expect, test } from 'vitest';
import { axeViolations } from '../../../axe-violations.ts';
import { storyPage } from '../story/story-page.ts';

// Tools and models in the composer of the built element under a strict CSP.

const { open, button, text, sent, events, call, focused } = storyPage();

const TOOLS = [
  { id: 'search', label: 'Search the docs', shortLabel: 'Search', icon: 'search', placeholderOverride: 'Search for' },
  { id: 'draw', label: 'Draw a picture', icon: 'images', persistent: true },
  { id: 'deep', label: 'Think longer', shortLabel: 'Think', icon: 'lightbulb', pinned: true },
];
const MODELS = [
  { id: 'small', label: 'Small', description: 'Quick answers' },
  { id: 'old', label: 'Old', disabled: true },
  { id: 'large', label: 'Large', description: 'Long thoughts', default: true },
];
const WITH_TOOLS = { options: { composer: { tools: TOOLS, attachments: { enabled: true } } } };
const inference = async () => (await sent()).at(-1)?.params.input?.['inference_options'];
const toolChanges = async () => (await events()).flatMap(([name, id]) => (name === 'tool.change' ? [id] : []));

async function send(words: string): Promise<void> {
  const before = (await sent()).length;
  await text().fill(words);
  await text().press('Enter');
  await expect.poll(async () => (await sent()).length).toBe(before + 1);
  await button('Send message').waitFor();
}

// Shows 41, 109.
test('a tool is selected by keyboard, shown, sent once and then cleared', async () => {
  const page = await open(WITH_TOOLS);
  await button('Attach and tools').press('Enter');
  expect(await focused()).toBe('Attach files');
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe('Search the docs');
  await page.keyboard.press('Enter');
  await button('Clear tool: Search').waitFor();
  expect(await focused()).toBe('Message');
  expect(await text().getAttribute('placeholder')).toBe('Search for');
  await send('Prices');
  expect(await inference()).toEqual({ tool_choice: { id: 'search' } });
  await expect.poll(() => button('Clear tool: Search').count()).toBe(0);
  expect(await toolChanges()).toEqual(['search', null]);
  await send('And then?');
  expect(await inference()).toEqual({});
});

// Shows 41, 109.
test('a persistent tool stays after sending, and its chip clears it', async () => {
  const page = await open(WITH_TOOLS);
  await button('Attach and tools').click();
  await page.getByRole('menuitemradio', { name: 'Draw a picture' }).click();
  await send('A boat');
  await send('Another one');
  expect(await inference()).toEqual({ tool_choice: { id: 'draw' } });
  await button('Clear tool: Draw a picture').click();
  expect(await toolChanges()).toEqual(['draw', null]);
});

test('a pinned tool has a button of its own', async () => {
  await open(WITH_TOOLS);
  await button('Think').click();
  expect(await button('Think').getAttribute('aria-pressed')).toBe('true');
  await send('Why?');
  expect(await inference()).toEqual({ tool_choice: { id: 'deep' } });
  expect(await button('Think').getAttribute('aria-pressed')).toBe('false');
});

test('the menu closes by Escape, Tab and a press elsewhere, and gives the focus back', async () => {
  const page = await open(WITH_TOOLS);
  const menu = page.getByRole('menu', { name: 'Attach and tools' });
  await button('Attach and tools').press('Enter');
  await page.keyboard.press('ArrowUp');
  expect(await focused()).toBe('Draw a picture');
  await page.keyboard.press('Escape');
  expect(await menu.count()).toBe(0);
  expect(await focused()).toBe('Attach and tools');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await menu.waitFor({ state: 'detached' });
  await button('Attach and tools').click();
  await text().click();
  await menu.waitFor({ state: 'detached' });
  const chooser = page.waitForEvent('filechooser');
  await button('Attach and tools').click();
  await page.getByRole('menuitem', { name: 'Attach files' }).click();
  await chooser;
});

// Shows 41, 56.
test('setComposerValue selects and clears a tool, keeps it without a word about it, and refuses an unknown one', async () => {
  await open(WITH_TOOLS);
  expect(await call('setComposerValue', { selectedToolId: 'search' })).toBe('done');
  await button('Clear tool: Search').waitFor();
  await call('setComposerValue', { text: 'Prices' });
  expect(await button('Clear tool: Search').isVisible()).toBe(true);
  expect(await call('setComposerValue', { selectedToolId: 'gone' })).toContain('gone');
  await call('setComposerValue', { selectedToolId: null });
  await button('Clear tool: Search').waitFor({ state: 'detached' });
  expect(await toolChanges()).toEqual(['search', null]);
  expect(await text().inputValue()).toBe('Prices');
});

// Shows 110.
test('the default model is sent until another is picked, and a disabled one cannot be', async () => {
  const page = await open({ options: { composer: { models: MODELS } } });
  await send('One');
  expect(await inference()).toEqual({ model: 'large' });
  await button('Model: Large').click();
  const old = page.getByRole('menuitemradio', { name: 'Old' });
  expect(await old.getAttribute('aria-disabled')).toBe('true');
  await old.click({ force: true });
  await page.getByRole('menuitemradio', { name: 'Small Quick answers' }).click();
  await button('Model: Small').waitFor();
  await send('Two');
  expect(await inference()).toEqual({ model: 'small' });
  expect(await call('setComposerValue', { selectedModelId: 'old' })).toContain('old');
  expect(await call('setComposerValue', { selectedModelId: 'large' })).toBe('done');
  await button('Model: Large').waitFor();
});

// Shows 110.
test('without models there is no picker and none is sent', async () => {
  const page = await open({});
  await send('One');
  expect(await inference()).toEqual({});
  expect(await page.getByRole('button', { name: /^Model/ }).count()).toBe(0);
});

// Shows 53.
test('tool and model of sendUserMessage leave the composer’s own alone', async () => {
  await open({ options: { composer: { tools: TOOLS, models: MODELS } } });
  await button('Think').click();
  await call('sendUserMessage', { text: 'Hi', toolChoice: { id: 'search' }, model: 'small' });
  await button('Copy answer').waitFor();
  expect(await inference()).toEqual({ tool_choice: { id: 'search' }, model: 'small' });
  expect(await button('Think').getAttribute('aria-pressed')).toBe('true');
  expect(await button('Model: Large').isVisible()).toBe(true);
  expect(await toolChanges()).toEqual(['deep']);
});

test('is clean to axe with an open menu and a selected tool, in both schemes', async () => {
  for (const theme of ['light', 'dark'])
    for (const name of ['Attach and tools', 'Model: Large']) {
      const page = await open({
        options: { theme, composer: { tools: TOOLS, models: MODELS, attachments: { enabled: true } } },
      });
      await call('setComposerValue', { selectedToolId: 'search' });
      await button(name).click();
      await page.getByRole('menu').waitFor();
      expect(await axeViolations(page)).toEqual([]);
      if (theme === 'light' || name === 'Attach and tools') await page.close();
    }
});
