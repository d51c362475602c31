import { expect, test } from 'vitest';
import type { ThreadItem, UserMessageItem } from '../../../protocol/item.ts';
import { toHistory } from '../../../server/agent/history.ts';

const base = { thread_id: 'thr_1', created_at: '2026-01-01T00:00:00.000Z' };

function asked(id: string, text: string): UserMessageItem {
  return {
    ...base,
    id,
    type: 'user_message',
    content: [
      { type: 'input_text', text },
      { type: 'input_tag', id: 't', text: 'ada', data: {}, interactive: false },
    ],
    attachments: [],
    inference_options: {},
  };
}

function answered(id: string, text: string): ThreadItem {
  return { ...base, id, type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }] };
}

test('what was said before the question, oldest first', () => {
  const question = asked('q2', 'and now?');
  const note: ThreadItem = { ...base, id: 'n', type: 'sdk_hidden_context', content: 'stopped' };
  const later = answered('later', 'an answer that came after a retried question');
  expect(toHistory([later, question, note, answered('a1', 'yes'), asked('q1', 'hi ')], question)).toStrictEqual([
    { from: 'visitor', text: 'hi @ada' },
    { from: 'assistant', text: 'yes' },
    { from: 'note', text: 'stopped' },
  ]);
});

test('of too much the newest is kept: 24,000 characters', () => {
  const question = asked('q', '?');
  const items = [question, answered('3', 'c'.repeat(12_000)), answered('2', 'b'.repeat(12_000)), answered('1', 'a')];
  expect(toHistory(items, question).map(({ text }) => text[0])).toStrictEqual(['b', 'c']);
});

test('files are named, and what was in them is not said again', () => {
  const before = asked('q1', 'read this ');
  before.attachments = [{ type: 'file', id: 'atc_1', name: 'terms.txt', mime_type: 'text/plain' }];
  const question = asked('q2', 'and now?');
  expect(toHistory([question, before], question)).toStrictEqual([
    { from: 'visitor', text: 'read this @ada', files: ['terms.txt'] },
  ]);
});
