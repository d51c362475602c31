import { expect, test } from 'vitest';
import type { Attachment } from '../../../protocol/item.ts';
import { readFiles } from '../../../server/agent/read-files.ts';
import { makeContext } from '../../contract/store.ts';

const context = makeContext();
const file = (id: string, mime_type: string): Attachment => ({ type: 'file', id, name: `${id}.x`, mime_type });

/** Reads as a store of these files does, and notes for whom and how much. */
function readerOf(contents: Record<string, Uint8Array | string>) {
  const asked: [id: string, maxBytes: number][] = [];
  return {
    asked,
    read: async (by: typeof context, id: string, maxBytes: number) => {
      expect(by).toBe(context);
      asked.push([id, maxBytes]);
      const content = contents[id];
      return content === undefined ? undefined : Buffer.from(content).subarray(0, maxBytes);
    },
  };
}

test('texts come in passages that count on, pictures and PDFs as they are, in the order of the message', async () => {
  const { read } = readerOf({ a: 'One.\n\nTwo.', b: new Uint8Array([1, 2]), c: 'Three.', d: '%PDF' });
  const attachments = [
    file('a', 'text/plain'),
    file('b', 'image/png'),
    file('c', 'text/markdown'),
    file('d', 'application/pdf'),
  ];
  expect(await readFiles(attachments, context, read, 5)).toEqual([
    {
      name: 'a.x',
      mimeType: 'text/plain',
      passages: [
        { n: 5, headingPath: [], text: 'One.', kind: 'text' },
        { n: 6, headingPath: [], text: 'Two.', kind: 'text' },
      ],
    },
    { name: 'b.x', mimeType: 'image/png', passages: [], dataUrl: 'data:image/png;base64,AQI=' },
    {
      name: 'c.x',
      mimeType: 'text/markdown',
      passages: [{ n: 7, headingPath: [], text: 'Three.', kind: 'text' }],
    },
    { name: 'd.x', mimeType: 'application/pdf', passages: [], dataUrl: 'data:application/pdf;base64,JVBERg==' },
  ]);
});

test('a long text is cut at 24 KB, where a line ends, and says so', async () => {
  const line = `${'ü'.repeat(60)}\n`;
  const { read, asked } = readerOf({ a: line.repeat(1_000), b: '日'.repeat(20_000), c: 'x'.repeat(24 * 1024) });
  const files = await readFiles(
    ['a', 'b', 'c'].map((id) => file(id, 'text/plain')),
    context,
    read,
    1,
  );
  const textOf = (index: number) => files[index]?.passages.map(({ text }) => text).join('\n') ?? '';
  expect(asked.map(([, maxBytes]) => maxBytes)).toEqual([24_577, 24_577, 24_577]);
  expect(files.map(({ partial }) => partial)).toEqual([true, true, undefined]);
  expect(Buffer.byteLength(textOf(0))).toBeLessThanOrEqual(24 * 1024);
  expect(
    textOf(0)
      .split('\n')
      .every((kept) => kept === line.trim()),
  ).toBe(true);
  expect(textOf(1)).not.toContain('\ufffd');
  expect(textOf(2).replaceAll('\n', '')).toHaveLength(24 * 1024);
});

test('pictures beyond 20 MB are named, and so is what is gone or cannot be read', async () => {
  const big = new Uint8Array(10 * 1024 * 1024);
  const { read } = readerOf({ a: big, b: big, c: new Uint8Array([1]) });
  const attachments = ['a', 'b', 'c', 'gone'].map((id) => file(id, 'image/png'));
  const files = await readFiles(attachments, context, read, 1);
  expect(files.map(({ name, dataUrl }) => [name, dataUrl !== undefined])).toEqual([
    ['a.x', true],
    ['b.x', true],
    ['c.x', false],
    ['gone.x', false],
  ]);
  expect(await readFiles([file('a', 'text/plain')], context, undefined, 1)).toEqual([
    { name: 'a.x', mimeType: 'text/plain', passages: [] },
  ]);
});
