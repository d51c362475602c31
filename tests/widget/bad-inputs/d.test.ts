import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const WIDGET = join(import.meta.dirname, '..', '..', '..', 'widget');

test('D19 nothing of ours listens for messages of other windows, nor sends them one', () => {
  const files = readdirSync(WIDGET, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  expect(files.length).toBeGreaterThan(50);
  const words = /.*(?:\bpostMessage\b|\bonmessage\b|\bMessageEvent\b|BroadcastChannel|['`]message['`]).*/g;
  const found = files.flatMap((name) =>
    (readFileSync(join(WIDGET, name), 'utf8').match(words) ?? []).map((line) => `${name}: ${line.trim()}`),
  );
  // A pause: a channel whose two ends are ours.
  expect(found).toEqual([
    "element/transport/api-client.ts: port1.addEventListener('message', () => {",
    'element/transport/api-client.ts: port2.postMessage(null);',
  ]);
});
