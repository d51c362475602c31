import type { Page } from 'playwright-core';
import type { Story } from './open-story.ts';
import { PICTURE } from './open-story.ts';

const TOOLS = [
  {
    id: 'search',
    label: 'Search the documentation',
    shortLabel: 'Search',
    icon: 'search',
    placeholderOverride: 'Search for',
  },
  { id: 'draw', label: 'Draw a picture', icon: 'images', persistent: true },
  { id: 'deep', label: 'Think longer', shortLabel: 'Think', icon: 'lightbulb', pinned: true },
];
const MODELS = [
  { id: 'small', label: 'Small', description: 'Quick answers to short questions' },
  { id: 'old', label: 'Old', description: 'No longer offered', disabled: true },
  { id: 'large', label: 'Large', description: 'Takes its time', default: true },
];
const FULL: Story = {
  host: { mentions: { showComposerMenu: true } },
  options: {
    composer: {
      tools: TOOLS,
      models: MODELS,
      attachments: { enabled: true },
      dictation: { enabled: true },
      placeholder: 'Ask about this page',
    },
  },
};
const FILES: Story = { options: { composer: { attachments: { enabled: true, maxCount: 3 } } } };
const DICTATION: Story = { script: { mode: 'hold' }, options: { composer: { dictation: { enabled: true } } } };
const ADA = { type: 'input_tag', id: 'u_1', text: 'Ada Lovelace', group: 'People', data: {} };
const FORM = { type: 'input_tag', id: 'd_1', text: 'Admission form', group: 'Documents', data: {} };

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const text = (page: Page) => page.getByRole('textbox', { name: 'Message' });

const file = (name: string, mimeType: string, buffer = Buffer.from('# Notes')) => ({ name, mimeType, buffer });
const picked = (page: Page, files: ReturnType<typeof file>[]) =>
  page.locator('openai-chatkit input[type=file]').setInputFiles(files);

async function setComposerValue(page: Page, value: object): Promise<void> {
  await page.evaluate((given) => {
    const { story } = window as unknown as { story: { setComposerValue(value: object): Promise<void> } };
    return story.setComposerValue(given);
  }, value);
}

function composing(name: string, story: Story, then: (page: Page) => Promise<unknown>) {
  return { name, story, reach: async (page: Page) => void (await then(page)) };
}

function answering(name: string, initialThread: string, then: (page: Page) => Promise<unknown>) {
  return composing(name, { options: { initialThread } }, async (page) => {
    await page.getByRole('form', { name: 'Questions for you' }).waitFor();
    await then(page);
  });
}

/** What the composer can look like, and the questions that take its place. */
export const COMPOSER_STATES = [
  composing('composer-bar', FULL, (page) => button(page, 'Model: Large').waitFor()),
  composing('composer-chosen', FULL, async (page) => {
    await setComposerValue(page, { selectedToolId: 'search' });
    await button(page, 'Think').press('Enter');
    await setComposerValue(page, { selectedToolId: 'search', text: 'prices of the larger plans, '.repeat(4) });
    await button(page, 'Clear tool: Search').waitFor();
  }),
  composing('composer-tools', FULL, async (page) => {
    await button(page, 'Attach and tools').click();
    await page.getByRole('menu').waitFor();
  }),
  composing('composer-models', FULL, async (page) => {
    await button(page, 'Model: Large').click();
    await page.getByRole('menu').waitFor();
  }),
  composing('mentions', FULL, async (page) => {
    await text(page).pressSequentially('Ask @ad');
    await page.getByRole('option').first().waitFor();
  }),
  composing('mentions-none', FULL, async (page) => {
    await text(page).pressSequentially('Ask @zz');
    await page.getByText('Nothing found').waitFor();
  }),
  composing('commands', { ...FULL, host: { commands: true } }, async (page) => {
    await text(page).pressSequentially('/');
    await page.getByRole('option', { name: 'Link a ticket' }).waitFor();
  }),
  composing('commands-next', { host: { commands: true } }, async (page) => {
    await text(page).pressSequentially('See /link');
    await page.getByRole('option', { name: 'Link a ticket' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'Ticket 4711' }).waitFor();
  }),
  composing('tags', { host: { mentions: {} } }, async (page) => {
    const content = [
      { type: 'input_text', text: 'Has ' },
      ADA,
      { type: 'input_text', text: ' sent us the ' },
      FORM,
      { type: 'input_text', text: ' yet?' },
    ];
    await setComposerValue(page, { content });
    await page.locator('.backdrop mark').last().waitFor();
  }),
  composing('reply-offer', { options: { initialThread: 'thr_1' } }, async (page) => {
    await page.getByText('What each plan includes').click({ clickCount: 3 });
    await button(page, 'Reply').waitFor();
  }),
  composing('reply-quote', { options: { initialThread: 'thr_1' } }, async (page) => {
    const reply =
      'Yes. The Starter plan includes 5,000 messages a month, and unused messages do not carry over. '.repeat(3);
    await setComposerValue(page, { text: 'And the Team plan?', reply });
    await page.getByRole('figure', { name: 'Replying to' }).waitFor();
  }),
  composing('files', FILES, async (page) => {
    await page.route('**/upload/atc_1', () => undefined);
    await page.route('**/upload/atc_2', (route) => route.abort('connectionreset'));
    await picked(page, [file('quarterly-shipping-plan-2027-final-version.pdf', 'application/pdf')]);
    await page.getByText('Uploading', { exact: true }).waitFor();
    await picked(page, [file('notes.md', 'text/markdown')]);
    await button(page, 'Try again: notes.md').waitFor();
    await picked(page, [file('photo.png', 'image/png', PICTURE)]);
    await page.getByText('1 kB').waitFor();
    await page.getByText('“notes.md” could not').waitFor({ state: 'detached' });
  }),
  composing('files-failed', FILES, async (page) => {
    await page.route('**/upload/atc_1', (route) => route.abort('connectionreset'));
    await text(page).fill('Read this, please.');
    await picked(page, [file('notes.md', 'text/markdown')]);
    await page.getByText('“notes.md” could not').waitFor();
  }),
  composing('files-too-many', FILES, async (page) => {
    await picked(
      page,
      [1, 2, 3, 4].map((number) => file(`page-${number}.md`, 'text/markdown')),
    );
    await page.getByText('1 kB').nth(2).waitFor();
  }),
  composing('files-sent', FILES, async (page) => {
    await picked(page, [file('photo.png', 'image/png', PICTURE), file('notes.md', 'text/markdown')]);
    await page.getByText('1 kB').nth(1).waitFor();
    await button(page, 'Send message').click();
    await button(page, 'Copy answer').waitFor();
  }),
  composing('files-held', FILES, async (page) => {
    // Playwright has no hand for files that are held over a page.
    await page.locator('openai-chatkit').evaluate((element) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([], 'held.png'));
      const main = element.shadowRoot?.querySelector('.main');
      main?.dispatchEvent(new DragEvent('dragenter', { bubbles: true, cancelable: true, dataTransfer }));
    });
    await page.getByText('Drop files here').waitFor();
  }),
  composing('dictation', DICTATION, async (page) => {
    await page.context().grantPermissions(['microphone']);
    await button(page, 'Dictate').click();
    await page.getByRole('timer').getByText('0:01').waitFor();
  }),
  composing('dictation-written', DICTATION, async (page) => {
    await page.context().grantPermissions(['microphone']);
    await button(page, 'Dictate').click();
    await page.getByRole('timer').getByText('0:01').waitFor();
    await button(page, 'Finish dictation').click();
    await page.getByText('Writing it down').waitFor();
  }),
  composing('dictation-blocked', DICTATION, async (page) => {
    await button(page, 'Dictate').click();
    await page.getByText('The microphone is blocked').waitFor();
  }),
  answering('questions', 'thr_ask', (page) => button(page, 'Skip').waitFor()),
  answering('questions-choice', 'thr_ask_size', (page) => page.getByRole('radio', { name: '2 to 10' }).check()),
  answering('questions-choices', 'thr_ask_uses', async (page) => {
    for (const name of ['Support', 'Documentation']) await page.getByRole('checkbox', { name }).check();
    await page.getByRole('textbox', { name: /^Your own answer/ }).fill('Training new colleagues');
  }),
  answering('questions-words', 'thr_ask_else', (page) =>
    page.getByRole('textbox', { name: /^Is there anything else/ }).fill('We start on 1 May, and use Slack.'),
  ),
  composing('questions-answered', { options: { initialThread: 'thr_asked' } }, (page) =>
    page.getByText('Training new colleagues').waitFor(),
  ),
  composing('questions-skipped', { options: { initialThread: 'thr_ask' } }, async (page) => {
    await button(page, 'Skip').click();
    await page.getByText('Skipped').nth(2).waitFor();
    await button(page, 'Copy answer').last().waitFor();
  }),
];
