import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ThreadItem, WidgetItem } from '../../../../protocol/item.ts';
import { readOptions } from '../../../../widget/element/options.ts';
import type { Chat } from '../../../../widget/element/state/chat.ts';
import { type ChatState, EMPTY_CHAT } from '../../../../widget/element/state/chat-state.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { Announcer } from '../../../../widget/element/view/announcer.tsx';
import { ThreadView } from '../../../../widget/element/view/thread-view.tsx';
import { answer, base, createScriptedChat, question, threadOf } from '../state/scripted-chat.ts';

let root: HTMLElement;
let chat: Chat;

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
  ({ chat } = createScriptedChat());
});
afterEach(() => {
  render(null, root);
  root.remove();
  vi.restoreAllMocks();
});

const RUNNING = { allowCancel: true, progress: undefined, imageProgress: {}, isAction: false };
const settings = readOptions({ api: { url: '/chatkit' } });

async function show(items: ThreadItem[], changes: Partial<ChatState> = {}): Promise<void> {
  const state = { ...EMPTY_CHAT, threadId: 'thr_1', thread: threadOf(...items), ...changes };
  await act(() => render(<ThreadView state={state} chat={chat} settings={settings} strings={en} />, root));
  // The first item that is no message loads what draws it.
  await act(() => vi.dynamicImportSettled());
}
const workflow = (summary?: { duration: number }): ThreadItem => ({
  ...base,
  id: 'wf_1',
  type: 'workflow',
  workflow: {
    type: 'reasoning',
    tasks: [{ type: 'thought', content: 'Let me **see**', status_indicator: 'loading' }],
    expanded: false,
    ...(summary ? { summary } : {}),
  },
});
const widget = (value: string): WidgetItem => ({
  ...base,
  id: 'msg_w',
  type: 'widget',
  widget: {
    type: 'Card',
    children: [
      { type: 'Title', value },
      { type: 'Button', label: 'Undo' },
    ],
  },
});
const image: ThreadItem = { ...base, id: 'msg_i', type: 'generated_image' };
const dots = () => root.querySelector('.thinking');

// Shows 76.
test('an item that cannot be drawn, or that nobody knows, takes only itself away', async () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const broken = { ...base, id: 'wf_x', type: 'workflow', workflow: null } as unknown as ThreadItem;
  const unknown = { ...base, id: 'x_1', type: 'hologram' } as unknown as ThreadItem;
  await show([question, broken, unknown, answer('Because')]);
  expect(root.textContent).toContain('Why?');
  expect(root.textContent).toContain('Because');
  await show([question, broken, unknown, answer('Because', 'msg_b')]);
  expect(complain).toHaveBeenCalledTimes(1);
  // The next version of it is drawn again.
  await show([question, { ...workflow({ duration: 3 }), id: 'wf_x' }, answer('Because')]);
  expect(root.textContent).toContain('Thought for 3 seconds');
});

test('shows dots only where nothing else says that the assistant is at work', async () => {
  await show([question], { turn: RUNNING });
  expect(dots()).not.toBeNull();
  await show([question, workflow()], { turn: RUNNING });
  expect(dots()).toBeNull();
  expect(root.querySelector('summary .running')?.textContent).toBe('Thinking');
  expect(root.querySelector('.spinner')).not.toBeNull();
  await show([question, workflow({ duration: 3 })], { turn: RUNNING });
  expect(dots()).not.toBeNull();
  await show([question, image], { turn: { ...RUNNING, imageProgress: { msg_i: 0 } } });
  expect(dots()).toBeNull();
  expect(root.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBeNull();
  await show([question, answer('Half')], { turn: { ...RUNNING, progress: 'Reading on' } });
  expect(root.querySelector('.progress')?.textContent).toBe('Reading on');
});

test('leaves no spinner in a thread where nothing runs', async () => {
  await show([question, workflow(), image]);
  expect(root.querySelector('.spinner, .running, [role=progressbar]')).toBeNull();
});

// Shows 128.
test('keeps a workflow open that the visitor opened while its steps arrive', async () => {
  await show([question, workflow()], { turn: RUNNING });
  const details = root.querySelector('details');
  if (details) details.open = true;
  await show([question, workflow({ duration: 3 })], { turn: RUNNING });
  expect(root.querySelector('details')?.open).toBe(true);
  expect(root.querySelector('details strong')?.textContent).toBe('see');
});

// Shows 126.
test('offers to copy what a widget gives as text, and nothing where there is none', async () => {
  await show([question, { ...widget('Plans'), copy_text: 'Three plans' }]);
  expect(root.querySelector(`[aria-label="${en.copy}"]`)).not.toBeNull();
  await show([question, widget('Plans')]);
  expect(root.querySelector(`[aria-label="${en.copy}"]`)).toBeNull();
});

test('says each step of a workflow, and at the end what is new, wherever it stands', async () => {
  const listen = (items: ThreadItem[], turn?: typeof RUNNING) =>
    act(() =>
      render(<Announcer state={{ ...EMPTY_CHAT, thread: threadOf(...items), turn }} locale="en" strings={en} />, root),
    );
  const old = answer('Old');
  const before = [question, old, widget('Draft')];
  await listen(before);
  expect(root.textContent).toBe('');
  await listen(before, RUNNING);
  await listen([...before, workflow()], RUNNING);
  expect(root.textContent).toBe('Thinking');
  await listen([question, old, widget('Saved'), workflow({ duration: 2 }), answer('Done **so**.', 'msg_b')]);
  expect(root.textContent).toBe(`${en.assistant}: Saved Undo\n\nDone so.`);
});

// Shows 90.
test('draws a notice as markdown, at its level', async () => {
  await show([question], { notices: [{ level: 'danger', title: 'Careful', message: 'It is **late**.' }] });
  const notice = root.querySelector('.notice.danger');
  expect(notice?.textContent).toBe('CarefulIt is late.');
  expect(notice?.querySelector('.markdown strong')?.textContent).toBe('late');
});

// Shows 127.
test('shows which thumb was pressed, and rates every item of the answer', async () => {
  const rate = vi.spyOn(chat, 'rate');
  const rating = readOptions({ api: { url: '/chatkit' }, threadItemActions: { feedback: true } });
  const thread = threadOf(question, workflow({ duration: 3 }), answer('Because'));
  const draw = (feedback: ChatState['feedback']) =>
    act(() =>
      render(
        <ThreadView state={{ ...EMPTY_CHAT, thread, feedback }} chat={chat} settings={rating} strings={en} />,
        root,
      ),
    );
  await draw({});
  root.querySelector<HTMLElement>(`[aria-label="${en.good}"]`)?.click();
  expect(rate).toHaveBeenCalledWith('msg_a', ['wf_1', 'msg_a'], 'positive');
  await draw({ msg_a: 'positive' });
  const pressed = [...root.querySelectorAll('.thumb')].map((thumb) => thumb.getAttribute('aria-pressed'));
  expect(pressed).toEqual(['true', 'false']);
});

// Shows 126.
test('copies the answer as it was written, with what a widget gives for it', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await show([question, answer('It is **so**.'), { ...widget('Plans'), copy_text: 'Plans: 3' }]);
  root.querySelector<HTMLElement>(`[aria-label="${en.copy}"]`)?.click();
  expect(writeText).toHaveBeenCalledWith('It is **so**.\n\nPlans: 3');
});
