import { beforeEach, expect, test } from 'vitest';
import { createMethodCalls, type MethodCalls } from '../../../widget/element/method-calls.ts';
import { createObservable } from '../../../widget/element/state/observable.ts';

let chat: ReturnType<typeof createObservable<{ busy: boolean }>>;
let calls: MethodCalls;
let ran: string[];

beforeEach(() => {
  chat = createObservable<{ busy: boolean }>({ busy: false });
  ran = [];
  calls = createMethodCalls({ isBusy: () => chat.get().busy, subscribe: chat.subscribe });
});

const note = (name: string) => () => void ran.push(name);

// Shows 47.
test('keeps calls until it is open, then runs them in their order, each after the one before it', async () => {
  const work = Promise.withResolvers<void>();
  const first = calls.run(() => work.promise.then(note('first')));
  const second = calls.run(note('second'), true);
  const third = calls.run(() => Promise.reject(new Error('third')));
  const fourth = calls.run(note('fourth'));
  expect(ran).toEqual([]);
  calls.open();
  chat.update({ busy: true });
  await Promise.resolve();
  work.resolve();
  await first;
  // Whatever could run now has run.
  await new Promise(setImmediate);
  expect(ran).toEqual(['first']);
  chat.update({ busy: false });
  await second;
  await expect(third).rejects.toThrow('third');
  await fourth;
  expect(ran).toEqual(['first', 'second', 'fourth']);
});

// Shows 48.
test('refuses what needs an idle chat by the name of the error, and runs the rest at once', async () => {
  calls.open();
  chat.update({ busy: true });
  await expect(calls.run(note('send'), true)).rejects.toMatchObject({ name: 'BusyError' });
  const other = calls.run(note('hide'));
  expect(ran).toEqual(['hide']);
  await other;
});

// Shows 8.
test('rejects what has not ended when the element leaves, and what comes after, until it is back', async () => {
  calls.open();
  const running = calls.run(() => new Promise(() => {}));
  calls.leave();
  await expect(running).rejects.toMatchObject({ name: 'RemovedError' });
  await expect(calls.run(note('gone'))).rejects.toMatchObject({ name: 'RemovedError' });
  calls.enter();
  await calls.run(note('back'));
  expect(ran).toEqual(['back']);
});

test('forgets the calls that waited when the element left before it was open', async () => {
  const waiting = calls.run(note('early'));
  calls.leave();
  await expect(waiting).rejects.toMatchObject({ name: 'RemovedError' });
  calls.enter();
  calls.open();
  await calls.run(note('later'));
  expect(ran).toEqual(['later']);
});

test('rejects with what the work throws, at once or later', async () => {
  calls.open();
  const thrown = new TypeError('no');
  await expect(
    calls.run(() => {
      throw thrown;
    }),
  ).rejects.toBe(thrown);
});
