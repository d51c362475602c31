import { describe, expect, test } from 'vitest';
import type { ThreadStreamEvent } from '../../../protocol/event.ts';
import type { StructuredInputItem } from '../../../protocol/item.ts';
import { answer, makeServer, NOW } from './scripted-server.ts';

const silent = async function* (): AsyncGenerator<ThreadStreamEvent> {};

const asked: StructuredInputItem = {
  type: 'structured_input',
  id: 'si_1',
  thread_id: 'thr_s',
  created_at: NOW,
  status: 'pending',
  inputs: [
    { type: 'multiple_choice', id: 'size', question: 'Which size?', options: [{ value: 'S' }], multiple: false },
    { type: 'multiple_choice', id: 'tops', question: 'Which toppings?', options: [{ value: 'A' }], multiple: true },
    { type: 'freeform', id: 'note', question: 'Any note?' },
  ],
};

const submit = (input: unknown, item_id = 'si_1') => ({
  type: 'threads.add_structured_input',
  params: { thread_id: 'thr_s', item_id, input },
});

async function answersTo(input: unknown) {
  const server = makeServer(silent);
  await server.seed('thr_s', asked);
  const events = await server.events(submit(input));
  expect(events.map(({ type }) => type)).toEqual(['stream_options', 'thread.item.replaced']);
  const [item] = (await server.items('thr_s')) as StructuredInputItem[];
  expect(events[1]).toEqual({ type: 'thread.item.replaced', item });
  return { status: item?.status, answers: item?.inputs.map((entry) => entry.answer) };
}

const values = (...values: string[]) => ({ values, skipped: false });
const skipped = { values: [], skipped: true };

describe('structured answers', () => {
  test('are kept as free text, a single choice by its first value', async () => {
    expect(
      await answersTo({
        answers: { size: values('XL', 'S'), tops: values('A', 'Z'), note: values('No onions'), ghost: values('x') },
      }),
    ).toEqual({ status: 'answered', answers: [values('XL'), values('A', 'Z'), values('No onions')] });
  });

  test('that are missing, empty or skipped count as skipped', async () => {
    expect(await answersTo({ answers: { size: { values: [] }, tops: { values: ['A'], skipped: true } } })).toEqual({
      status: 'answered',
      answers: [skipped, skipped, skipped],
    });
  });

  test('are dropped when the whole is skipped', async () => {
    expect(await answersTo({ status: 'skipped', answers: { note: { values: ['x'] } } })).toEqual({
      status: 'skipped',
      answers: [skipped, skipped, skipped],
    });
  });

  test('under a name that every object has are no answers', async () => {
    const server = makeServer(silent);
    const input = { type: 'freeform' as const, id: 'constructor', question: '?' };
    await server.seed('thr_s', { ...asked, inputs: [input] });
    await server.events(submit({}));
    expect(await server.items('thr_s')).toEqual([
      { ...asked, status: 'answered', inputs: [{ ...input, answer: skipped }] },
    ]);
  });

  test.each([
    ['given twice', 'si_done', 'not_pending'],
    ['to another kind of item', 'msg_1', 'invalid_request'],
    ['to an unknown item', 'si_nope', 'not_found'],
  ])('%s are refused and change nothing', async (_, itemId, code) => {
    const server = makeServer(silent);
    await server.seed('thr_s', { ...asked, id: 'si_done', status: 'answered' }, answer('thr_s', 'msg_1', 'x'));
    await expect(server.turn(submit({}, itemId))).rejects.toMatchObject({ code });
    expect(server.writes).toEqual([]);
  });
});
