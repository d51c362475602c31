import fc from 'fast-check';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyEvent } from '../../../../protocol/apply-event.ts';
import type { ThreadStreamEvent } from '../../../../protocol/event.ts';
import { readOptions } from '../../../../widget/element/options.ts';
import { EMPTY_CHAT } from '../../../../widget/element/state/chat-state.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { readEvent, readThreadObject } from '../../../../widget/element/transport/read-event.ts';
import { App } from '../../../../widget/element/view/app.tsx';
import { anyEvent } from '../../../protocol/arbitrary-events.ts';
import { answer, createScriptedChat, question, threadOf } from '../state/scripted-chat.ts';

// A server that sends what no type of the protocol foresees: what is broken stays away, and nothing else does.

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
  // An item that cannot be drawn says so here.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  render(null, root);
  root.remove();
  vi.restoreAllMocks();
});

const { chat } = createScriptedChat();
const settings = readOptions({ api: { url: '/chatkit' } });

/** The event with one of its values replaced, at any depth. */
const broken = fc.tuple(anyEvent, fc.nat(), fc.jsonValue({ maxDepth: 1 })).map(([event, at, instead]) => {
  const places: [Record<string, unknown>, string][] = [];
  const copy = structuredClone(event) as unknown as Record<string, unknown>;
  const walk = (node: Record<string, unknown>) => {
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'type' || node !== copy) places.push([node, key]);
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>);
    }
  };
  walk(copy);
  const place = places[at % places.length];
  if (place) place[0][place[1]] = instead;
  return copy as unknown as ThreadStreamEvent;
});

// Shows 76.
test('draws the rest, whatever one value of its events is', async () => {
  const opened = threadOf(question, answer('It is kept', 'msg_kept'));
  await fc.assert(
    fc.asyncProperty(fc.array(broken, { minLength: 1, maxLength: 12 }), async (events) => {
      let thread = opened;
      for (const event of events) {
        const known = readEvent(event);
        if (known) thread = applyEvent(thread, known);
      }
      for (const turn of [{ allowCancel: true, progress: undefined, imageProgress: {}, isAction: false }, undefined]) {
        const state = { ...EMPTY_CHAT, threadId: 'thr_1', thread, turn };
        await act(() =>
          render(
            <App state={state} chat={chat} settings={settings} strings={en} composerRef={() => undefined} />,
            root,
          ),
        );
        expect(root.textContent).toContain('It is kept');
      }
    }),
    { numRuns: 200 },
  );
});

test('fills in what a thread and its items lack', () => {
  const given = {
    id: 'thr_1',
    title: 7,
    allowed_image_domains: 'images.example',
    items: { data: [null, 'x', { id: 'm' }, { id: 'm', type: 'user_message' }, { id: 'w', type: 'workflow' }] },
  };
  expect(readThreadObject(given)).toEqual({
    id: 'thr_1',
    status: { type: 'active' },
    items: {
      data: [
        { id: 'm', type: 'user_message', content: [], attachments: [] },
        { id: 'w', type: 'workflow', workflow: { tasks: [] } },
      ],
      has_more: false,
    },
  });
  expect(readThreadObject('<html>')).toBeUndefined();
});

test('leaves an event that is whole as it is', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const known = readEvent(event);
      // Nothing that is drawn gets lost; a file without a name is none.
      if (known && !JSON.stringify(event).includes('"filename":""')) expect(known).toMatchObject(withoutEmpty(event));
    }),
  );
});

/** Empty texts may be left out. */
function withoutEmpty(event: ThreadStreamEvent): object {
  return JSON.parse(JSON.stringify(event, (_key, value: unknown) => (value === '' ? undefined : value))) as object;
}
