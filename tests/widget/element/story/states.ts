import type { Page } from 'playwright-core';
import { COMPOSER_STATES } from './composer-states.ts';
import type { Story } from './open-story.ts';

export interface StoryState {
  /** Part of a file's name. */
  name: string;
  story: Story;
  /** What a visitor does to get there, in English. */
  reach: (page: Page) => Promise<void>;
}

const EVERYTHING: Story = { options: { initialThread: 'thr_2' } };
const CITED = { initialThread: 'thr_cited' };
const APPROVAL = { initialThread: 'thr_approve' };
const ACTIONS = { leftAction: { icon: 'menu' }, rightAction: { icon: 'settings-cog' } };

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** A press counts once the button has been in view for half a second. */
async function approve(page: Page): Promise<void> {
  const busy = page.locator('article[aria-busy=true]');
  while ((await busy.count()) === 0) {
    // Also where it has counted already and is only about to be shown: a press does nothing then.
    await button(page, 'Approve').click({ force: true });
    await page.locator('article[aria-busy=true], [role=alert]').first().waitFor();
  }
}

async function ask(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill('How many messages does the Starter plan include?');
  await page.keyboard.press('Enter');
}

async function openHistory(page: Page): Promise<void> {
  await button(page, 'Chat history').click();
}

function asked(name: string, mode: NonNullable<Story['script']>['mode'], then: (page: Page) => Promise<unknown>) {
  return {
    name,
    story: { script: { mode } } as Story,
    async reach(page: Page) {
      await ask(page);
      await then(page);
    },
  };
}

function listed(
  name: string,
  history: NonNullable<Story['script']>['history'],
  then: (page: Page) => Promise<unknown>,
) {
  return {
    name,
    story: { script: { history }, options: { header: ACTIONS } } as Story,
    async reach(page: Page) {
      await openHistory(page);
      await then(page);
    },
  };
}

function opened(name: string, options: Record<string, unknown>, then: (page: Page) => Promise<unknown>) {
  return { name, story: { options } as Story, reach: async (page: Page) => void (await then(page)) };
}

const row = (page: Page) => button(page, /^Message limits/).waitFor();

/** Every state of the element that can be seen, each as it stands still. */
export const STATES: StoryState[] = [
  opened('start', {}, (page) => page.getByText('How can I help with Acme?').waitFor()),
  asked('waiting', 'think', (page) => page.getByText('Reading “Plans and limits”').waitFor()),
  asked('streaming', 'hold', (page) => page.getByText('Settings → Bil').waitFor()),
  asked('stopped', 'hold', async (page) => {
    await page.getByText('Settings → Bil').waitFor();
    await button(page, 'Stop answering').click();
    await button(page, 'Copy answer').waitFor();
  }),
  asked('answer', 'answer', (page) => button(page, 'Copy answer').waitFor()),
  asked('answer-end', 'answer', async (page) => {
    await button(page, 'Good answer').click();
    await page.getByRole('log').evaluate((log) => log.scrollTo(0, log.scrollHeight));
  }),
  asked('error', 'error', (page) => button(page, 'Try again').waitFor()),
  asked('refused', 'refuse', (page) => button(page, 'Try again').waitFor()),
  asked('cut', 'cut', (page) => button(page, 'Try again').waitFor()),
  asked('notices', 'notice', (page) => page.getByText('The status page reports a fault.', { exact: true }).waitFor()),
  asked('working', 'work', async (page) => {
    await page.locator('summary').click();
    await page.getByRole('img', { name: 'In progress' }).waitFor();
  }),
  asked('drawing', 'draw', (page) => page.getByRole('progressbar').waitFor()),
  asked('tool', 'tool', (page) => page.getByText('Reading more of the page').waitFor()),
  { name: 'widgets', story: EVERYTHING, reach: (page) => button(page, 'Save the date').waitFor() },
  {
    name: 'workflows',
    story: EVERYTHING,
    async reach(page) {
      await page.getByText('Thought for 12 seconds').click();
      await page.getByText('Thought for 12 seconds').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'list-and-image',
    story: EVERYTHING,
    async reach(page) {
      await button(page, /Cutter/).click();
      await page.getByText('Chosen', { exact: true }).waitFor();
      await page.getByRole('img', { name: 'Generated image' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'action',
    story: EVERYTHING,
    async reach(page) {
      await button(page, 'Track').click();
      await button(page, 'Stop answering').waitFor();
    },
  },
  opened('approval', APPROVAL, (page) => button(page, 'Approve').waitFor()),
  {
    name: 'approval-running',
    story: { options: APPROVAL },
    async reach(page) {
      await page.locator('[data-watched]').waitFor();
      await approve(page);
      await page.locator('summary').click();
      await page.getByRole('img', { name: 'In progress' }).waitFor();
    },
  },
  opened('approvals-settled', { initialThread: 'thr_approved' }, (page) =>
    page.getByText('You approved it, and it was done.', { exact: true }).waitFor(),
  ),
  opened('cited', CITED, (page) => page.getByText('The claim was closed').waitFor()),
  opened('cited-sources', CITED, async (page) => {
    await page.getByText('Sources').click();
    await page.getByRole('log').evaluate((log) => log.scrollTo(0, log.scrollHeight));
  }),
  opened('source-card', CITED, async (page) => {
    await page.getByRole('link', { name: 'Source 2: Letters to customers' }).hover();
    await page.getByRole('tooltip').getByText('ends with a letter').waitFor();
  }),
  opened('entity-preview', CITED, async (page) => {
    await button(page, 'Source 1: Claim A-1023').hover();
    await page.getByRole('tooltip').getByText('1,250 EUR').waitFor();
  }),
  opened('interrupted', { initialThread: 'thr_3' }, (page) => button(page, 'Try again').waitFor()),
  {
    ...opened('loading', { initialThread: 'thr_1' }, (page) => page.getByRole('status', { name: 'Loading' }).waitFor()),
    story: { script: { mode: 'load' }, options: { initialThread: 'thr_1' } },
  },
  opened('missing', { initialThread: 'thr_gone' }, (page) => page.getByRole('alert').waitFor()),
  opened('locked', { initialThread: 'thr_4' }, (page) => page.getByText('Yes. The').waitFor()),
  opened('closed', { initialThread: 'thr_5' }, (page) => page.getByText('This question is settled.').waitFor()),
  opened('misconfigured', { api: {} }, (page) => page.getByRole('alert').waitFor()),
  listed('history', 'list', row),
  listed('history-empty', 'empty', (page) => page.getByText('No chats yet').waitFor()),
  listed('history-failed', 'fail', (page) => button(page, 'Try again').waitFor()),
  listed('history-rename', 'list', async (page) => {
    await button(page, 'Rename “Rotating an API key”').press('Enter');
    await page.getByRole('textbox', { name: 'Title of the chat' }).waitFor();
  }),
  listed('history-delete', 'list', async (page) => {
    await button(page, 'Delete “Rotating an API key”').press('Enter');
    await button(page, 'Cancel').waitFor();
  }),
  ...COMPOSER_STATES,
];

/** Changes options of the open story, and waits until its texts are in their language. */
export async function changeOptions(page: Page, options: Record<string, unknown>): Promise<void> {
  await page.evaluate((changes) => {
    const { story } = window as unknown as { story: { options: object; setOptions: (options: object) => void } };
    const header = 'header' in story.options ? (story.options.header as Record<string, { icon?: string }>) : {};
    // A function does not survive the way into the page.
    for (const action of Object.values(header)) Object.assign(action, { onClick: () => undefined });
    story.setOptions({ ...story.options, ...changes });
  }, options);
  if (typeof options['locale'] === 'string')
    await page.locator(`openai-chatkit .chat[lang="${options['locale']}"]`).waitFor();
  // The host's icons come with a chunk of their own.
  for (const action of await page.locator('openai-chatkit [part=header-action]').all())
    await action.locator('svg').waitFor();
}
