import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { GOLDENS, PINNED, readGoldens, writeGoldens } from './golden-files.ts';
import { readPins } from './pins.ts';
import { runGoldens } from './run-goldens.ts';

/** Runs the command as a program does. */
async function conformance(...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args]);
  const exit = new Promise((resolve) => child.on('exit', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { lines: out.trim().split('\n'), err, code };
}

describe('the transcripts of the reference', () => {
  test('are all met, the pinned ones as pinned', async () => {
    const pins = await readPins(PINNED);
    const verdicts = await runGoldens(GOLDENS, pins);
    expect(verdicts.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(verdicts).toHaveLength(90);
    const pinned = verdicts.filter(({ status }) => status === 'pinned').map(({ name }) => name);
    expect(pinned).toEqual([...pins.keys()].toSorted());
  });

  test('are pinned only where their format lets a server choose', async () => {
    const free = (await readGoldens()).filter(
      ({ body: { quirk, expected_end: end } }) => quirk === true || JSON.stringify(end)?.startsWith('"stream_aborts:'),
    );
    const freeNames = new Set(free.map(({ name }) => name));
    // Of the one file of request shapes, a single case is named a quirk.
    const pinned = [...(await readPins(PINNED)).keys()].filter((name) => name !== 'validation__request_shapes');
    expect(pinned.filter((name) => !freeNames.has(name))).toEqual([]);
  });
});

describe('the command', () => {
  test('says one line a failure, then the sum', async () => {
    const scalars = (await readGoldens()).find(({ name }) => name === 'template__scalars')?.body ?? {};
    const directory = await writeGoldens({
      template__scalars: scalars,
      template__wrong: { ...scalars, expected_widget: { type: 'Card', children: [] } },
      broken: '{',
    });
    const { lines, code } = await conformance(directory);
    expect(lines).toEqual([
      expect.stringMatching(/^✗ broken: the file is not JSON: /),
      expect.stringMatching(
        /^✗ template__wrong: expected_widget\.children\[0\]: expected nothing, got \{"type":"Text"/,
      ),
      '{"passed":1,"total":3,"failed":["broken","template__wrong"],"pinned":[]}',
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['no directory', [], /usage/],
    ['one that is not there', [join(GOLDENS, 'nowhere')], /cannot read the directory .*nowhere/],
    ['one without transcripts', [import.meta.dirname], /no \.json file stands in/],
  ])('given %s, says what is wrong', async (_, args, message) => {
    const { err, code } = await conformance(...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
