import { render } from 'preact';
import { expect, test } from 'vitest';
import type { Source, ThreadItem } from '../../../../protocol/item.ts';
import { readOptions } from '../../../../widget/element/options.ts';
import { EMPTY_CHAT } from '../../../../widget/element/state/chat-state.ts';
import { en } from '../../../../widget/element/strings/en.ts';
import { readItem } from '../../../../widget/element/transport/read-item.ts';
import { Markdown } from '../../../../widget/element/view/markdown.tsx';
import { ThreadView } from '../../../../widget/element/view/thread-view.tsx';
import { base, createScriptedChat, threadOf } from '../state/scripted-chat.ts';
import { dangersIn } from './dangers.ts';
import { drawing } from './drawing.tsx';
import { ALLOWED_HOST, FORBIDDEN_ADDRESSES, FOREIGN_IMAGES, VECTORS } from './vectors.ts';

// Every vector as an answer that arrives, at every length on its way and whole, and as every other text that a server or
// a visitor gives.

const { root, draw } = drawing();
test('E12 there are enough vectors to mean something, each of them once', () => {
  expect(VECTORS.length).toBeGreaterThanOrEqual(500);
  expect(new Set(VECTORS).size).toBe(VECTORS.length);
});

const PARTS = 8;
const size = Math.ceil(VECTORS.length / PARTS);

// Shows 120, 122.
test.each(Array.from({ length: PARTS }, (_, part) => part + 1))(
  'E1 E2 E7 E12 E13 E21 E24 draws nothing dangerous at any length of any vector, part %i',
  (part) => {
    for (const vector of VECTORS.slice((part - 1) * size, part * size)) {
      for (let length = 1; length <= vector.length; length += 1)
        expect(draw(vector.slice(0, length), true), vector.slice(0, length)).toEqual([]);
      expect(draw(vector), vector).toEqual([]);
      expect(draw(`Before.\n\n${vector}\n\nAfter.`, false), vector).toEqual([]);
      render(null, root());
    }
  },
);

const { chat } = createScriptedChat();
const settings = readOptions({ api: { url: '/chatkit' }, entities: { onClick: () => undefined } });

function drawThread(items: unknown[], notice?: string): string[] {
  const known = items.flatMap((item) => readItem(item) ?? []);
  const state = {
    ...EMPTY_CHAT,
    threadId: 'thr_1',
    thread: { ...threadOf(...(known as ThreadItem[])), allowed_image_domains: [ALLOWED_HOST] },
    ...(notice === undefined ? {} : { notices: [{ level: 'info' as const, title: notice, message: notice }] }),
    failure: notice === undefined ? undefined : { describe: () => notice, retry: undefined },
  };
  render(<ThreadView state={state} chat={chat} settings={settings} strings={en} />, root());
  return dangersIn(root());
}

/** One text as everything that is said, named or titled. */
function everywhere(text: string): unknown[] {
  const sources = [
    { type: 'file', title: text, filename: text, description: text },
    { type: 'url', title: text, url: text, attribution: text, description: text },
    { type: 'entity', title: text, id: text, label: text, inline_label: text, interactive: true, data: {} },
  ] as Source[];
  return [
    {
      ...base,
      id: 'msg_q',
      type: 'user_message',
      content: [
        { type: 'input_text', text },
        { type: 'input_tag', id: 't', text, data: {}, interactive: true, group: text },
      ],
      quoted_text: text,
      attachments: [],
      inference_options: {},
    },
    {
      ...base,
      id: 'msg_a',
      type: 'assistant_message',
      content: [
        {
          type: 'output_text',
          text: 'Said.',
          annotations: sources.map((source) => ({ type: 'annotation', source, index: 4 })),
        },
      ],
    },
  ];
}

// Shows 119, 120.
test('E19 E20 draws nothing dangerous of a message, a tag, a quote, a source, a notice or an error either', () => {
  for (const text of [...VECTORS, ...FORBIDDEN_ADDRESSES, ...FOREIGN_IMAGES])
    expect(drawThread(everywhere(text), text), text).toEqual([]);
});

// Shows 122.
test('E5 shows an image of an allowed host alone, and any other as a link', () => {
  expect(draw(`![chart](https://${ALLOWED_HOST}/a.png) ![spy](https://evil.example/b.png)`)).toEqual([]);
  expect(root().querySelector('img')?.getAttribute('src')).toBe(`https://${ALLOWED_HOST}/a.png`);
  expect(root().querySelectorAll('img')).toHaveLength(1);
  expect(root().querySelector('a')?.getAttribute('href')).toBe('https://evil.example/b.png');
  render(
    <Markdown
      text={`![chart](https://${ALLOWED_HOST}/a.png)`}
      streaming={false}
      sources={[]}
      imageDomains={undefined}
      strings={en}
    />,
    root(),
  );
  expect(root().querySelector('img')).toBeNull();
});

// Shows 121.
test('E17 opens a link in a new tab without a way back, and shows the true host of a disguised one', () => {
  draw('[www.bank.example](https://evil.example/x)');
  const link = root().querySelector('a');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer nofollow ugc');
  expect(link?.getAttribute('target')).toBe('_blank');
  expect(root().textContent).toContain('(evil.example)');
});
