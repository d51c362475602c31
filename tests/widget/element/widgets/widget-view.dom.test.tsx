import fc from 'fast-check';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WidgetItem } from '../../../../protocol/item.ts';
import type { WidgetRoot } from '../../../../protocol/widget.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { WidgetView, type WidgetViewProps } from '../../../../widget/element/widgets/widget-view.tsx';

let root: HTMLElement;
let onAction: ReturnType<typeof vi.fn<WidgetViewProps['onAction']>>;
let finish: () => void;

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
  onAction = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
});
afterEach(() => {
  render(null, root);
  root.remove();
});

const item = (widget: WidgetRoot): WidgetItem => ({
  id: 'msg_w',
  thread_id: 'thr_1',
  created_at: '2026-11-20T09:00:00Z',
  type: 'widget',
  widget,
});
function show(widget: WidgetRoot, turnRuns = false): Promise<void> {
  return act(() =>
    render(
      <WidgetView item={item(widget)} turnRuns={turnRuns} onAction={onAction} imageDomains={undefined} strings={en} />,
      root,
    ),
  );
}
const row = (value: string, onClickAction: object) => ({
  type: 'ListViewItem',
  onClickAction,
  children: [{ type: 'Text', value }],
});
const button = (name: string) => [...root.querySelectorAll('button')].find((node) => node.textContent === name);
/** Lets an action end, and what waits for it go on. */
const settle = (end: () => void) =>
  act(async () => {
    end();
    await Promise.resolve();
  });
const press = (name: string) => act(() => button(name)?.click());

test('draws what it knows and passes over the rest', async () => {
  await show({
    type: 'Card',
    children: [
      { type: 'Title', value: 'Plans' },
      { type: 'Hologram', children: [{ type: 'Text', value: 'hidden' }] },
      null,
      7,
      { type: 'Row', children: { type: 'Text', value: 'One alone' } },
      { type: 'Icon', name: 'no-such-icon' },
      { type: 'Markdown', value: '**Bold**' },
    ],
  });
  expect(root.textContent).toBe(`${en.assistant}PlansOne aloneBold`);
  expect(root.querySelector('svg')?.childNodes).toHaveLength(0);
});

test('takes no key that is not text', async () => {
  await show({ type: 'Basic', children: [{ type: 'Text', value: 'a', key: { toString: 1 } }] });
  await show({ type: 'Basic', children: [{ type: 'Text', value: 'b', key: 'b' }] });
  expect(root.textContent).toBe(`${en.assistant}b`);
});

test('lets text grow without drawing its neighbours again', async () => {
  const image = { type: 'Image', src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' };
  const text = { type: 'Text', id: 't', value: 'Gro' };
  await show({ type: 'Basic', children: [image, text] });
  const [before, words] = [root.querySelector('img'), root.querySelector('.w-text')];
  await show({ type: 'Basic', children: [image, { ...text, value: 'Growing' }] });
  expect(words?.textContent).toBe('Growing');
  expect(root.querySelector('img')).toBe(before);
});

test('sends an action once, shows where it runs, and keeps the others usable', async () => {
  const save = { type: 'save', payload: { id: 1 }, streaming: false };
  const widget = {
    type: 'Card',
    children: [
      { type: 'Button', label: 'Save', onClickAction: save },
      { type: 'Button', label: 'Undo', onClickAction: { type: 'undo', streaming: false } },
    ],
  };
  await show(widget);
  await press('Save');
  await press('Save');
  expect(onAction).toHaveBeenCalledTimes(1);
  expect(onAction).toHaveBeenCalledWith(
    { type: 'save', payload: { id: 1 }, handler: 'server', loadingBehavior: 'auto', streaming: false },
    item(widget),
  );
  expect(button('Save')?.getAttribute('aria-busy')).toBe('true');
  expect(button('Undo')?.getAttribute('aria-busy')).toBeNull();
  const first = finish;
  await press('Undo');
  expect(onAction).toHaveBeenCalledTimes(2);
  await settle(first);
  expect(button('Save')?.getAttribute('aria-busy')).toBeNull();
  await press('Save');
  expect(onAction).toHaveBeenCalledTimes(3);
});

test('holds the whole widget while a confirmed card waits, and shows nothing where none is wanted', async () => {
  await show({
    type: 'Card',
    children: [
      { type: 'Button', label: 'More', onClickAction: { type: 'more', loadingBehavior: 'none', streaming: false } },
    ],
    confirm: { label: 'Yes', action: { type: 'yes' } },
    cancel: { label: 'No', action: { type: 'no', handler: 'client' } },
  });
  await press('More');
  expect(button('More')?.getAttribute('aria-busy')).toBeNull();
  await settle(finish);
  await press('Yes');
  expect(root.querySelector('article')?.getAttribute('aria-busy')).toBe('true');
  expect(button('Yes')?.getAttribute('aria-busy')).toBe('true');
  await press('No');
  await press('More');
  expect(onAction.mock.calls.map(([{ type }]) => type)).toEqual(['more', 'yes']);
  await settle(finish);
  await press('No');
  expect(onAction).toHaveBeenCalledTimes(3);
});

test('blocks a turn of its own while another runs, but neither one answer nor the host page', async () => {
  const list = {
    type: 'ListView',
    children: [
      row('turn', { type: 'turn' }),
      row('answer', { type: 'answer', streaming: false }),
      row('page', { type: 'page', handler: 'client' }),
    ],
  };
  await show(list, true);
  for (const name of ['turn', 'answer', 'page']) await press(name);
  expect(onAction.mock.calls.map(([{ type }]) => type)).toEqual(['answer', 'page']);
  expect(button('turn')?.getAttribute('aria-disabled')).toBe('true');
  await show(list);
  await press('turn');
  expect(onAction).toHaveBeenCalledTimes(3);
});

test('shows the rows of a list up to its limit, and all of them on demand', async () => {
  const children = [1, 2, 3, 4].map((value) => ({ type: 'ListViewItem', children: [{ type: 'Text', value }] }));
  await show({ type: 'ListView', limit: 3, children });
  expect(root.querySelectorAll('li')).toHaveLength(3);
  await press(en.showMore);
  expect(root.querySelectorAll('li')).toHaveLength(4);
  await press(en.showLess);
  expect(root.querySelectorAll('li')).toHaveLength(3);
});

test('a row with controls of its own has its button beside them', async () => {
  await show({
    type: 'ListView',
    children: [
      {
        type: 'ListViewItem',
        onClickAction: { type: 'open', handler: 'client' },
        children: [
          { type: 'Text', value: 'Cutter' },
          { type: 'Button', label: 'Buy', onClickAction: { type: 'buy', handler: 'client' } },
        ],
      },
    ],
  });
  expect(root.querySelector('button button')).toBeNull();
  expect(root.querySelector('.w-press')?.getAttribute('aria-label')).toBe('Cutter Buy');
  await press('Buy');
  expect(onAction.mock.calls.map(([{ type }]) => type)).toEqual(['buy']);
});

const TYPES = [
  'Card',
  'ListView',
  'ListViewItem',
  'Basic',
  'Box',
  'Row',
  'Col',
  'Divider',
  'Spacer',
  'Icon',
  'Image',
  'Button',
  'Badge',
  'Text',
  'Title',
  'Caption',
  'Markdown',
  'Transition',
  'Form',
  'Script',
  'constructor',
  '__proto__',
];
const PROPS = [
  'value',
  'label',
  'src',
  'alt',
  'children',
  'onClickAction',
  'confirm',
  'status',
  'limit',
  'size',
  'width',
  'padding',
  'margin',
  'border',
  'background',
  'color',
  'radius',
  'align',
  'flex',
  'gap',
  'theme',
  'name',
  'iconStart',
  'key',
  'id',
  'maxLines',
  'weight',
  'collapsed',
  'fit',
  'position',
  'style',
  'onclick',
  'innerHTML',
  'dangerouslySetInnerHTML',
  'href',
  'ref',
];
const odd = fc.oneof(
  fc.anything(),
  fc.constantFrom(
    'javascript:alert(1)',
    'data:text/html,<script>1</script>',
    '<img src=x onerror=alert(1)>',
    'url(https://evil.example)',
    { type: 'x', handler: 7 },
    { toString: 1 },
    'https://ok.example/a.png',
  ),
);
function trees(depth: number): fc.Arbitrary<WidgetRoot> {
  const children = depth === 0 ? fc.constant([]) : fc.array(trees(depth - 1), { maxLength: 3 });
  return fc
    .tuple(fc.constantFrom(...TYPES), fc.dictionary(fc.constantFrom(...PROPS), odd), children)
    .map(([type, props, nodes]) => Object.assign({ type }, nodes.length > 0 && { children: nodes }, props));
}

test('whatever a server sends, nothing throws, runs, or points anywhere else', async () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await fc.assert(
    fc.asyncProperty(trees(3), async (widget) => {
      // The wire is JSON: no functions, no cycles.
      await show(JSON.parse(JSON.stringify(widget)) as WidgetRoot);
      expect(root.querySelectorAll('script, iframe, object, embed, link, style, form, base')).toHaveLength(0);
      for (const element of root.querySelectorAll('*'))
        for (const { name, value } of element.attributes) {
          expect(name).not.toMatch(/^on|^srcdoc$|^formaction$/);
          if (name === 'src') expect(value).toMatch(/^(?:https?:|data:image\/)/);
          if (name === 'href') expect(value).toMatch(/^(?:https?|mailto|tel):/);
          if (name === 'style') expect(value).not.toMatch(/background(?:-image)?:[^;]*url\(/);
        }
    }),
    { numRuns: 400 },
  );
  expect(complain).not.toHaveBeenCalled();
});
