import { expect, test } from 'vitest';
import { createLog, type LogFields } from '../../server/log.ts';

function logged(fields: LogFields, message = 'it happened'): Record<string, unknown> {
  let line = '';
  const log = createLog('info', {
    write(text: string) {
      line += text;
    },
  });
  log.error(fields, message);
  expect(line.match(/\n/g)).toHaveLength(1);
  return JSON.parse(line) as Record<string, unknown>;
}

test('a field that is not on the list stays out, whatever the caller hands over', () => {
  const fields = { code: 'internal', body: 'secret text', authorization: 'Bearer abc' };
  const line = logged(fields);
  expect(Object.keys(line).toSorted()).toEqual(['code', 'level', 'msg', 'time']);
});

test('a message with line breaks is one line', () => {
  expect(logged({}, 'a\n{"level":60}').msg).toBe('a\n{"level":60}');
});

test('an error is told with its cause, without what it carries besides', () => {
  const cause = Object.assign(new Error('connection lost'), { code: 'ECONNRESET', headers: { authorization: 'x' } });
  const error = Object.assign(new Error('upstream failed', { cause }), { status: 502, body: 'secret text' });
  const { err } = logged({ err: error });
  expect(err).toEqual({
    type: 'Error',
    message: 'upstream failed',
    status: 502,
    stack: expect.any(Array) as unknown[],
    cause: { type: 'Error', message: 'connection lost', code: 'ECONNRESET', stack: expect.any(Array) as unknown[] },
  });
});

test('credentials that an upstream quotes are removed', () => {
  const error = new Error('Incorrect API key provided: sk-proj-abc123. Bearer xyz.1 and eyJhbGciOi.eyJzdWIi.c2ln');
  expect(JSON.stringify(logged({ err: error }))).not.toMatch(/abc123|xyz|eyJ/);
});

test('a chain of causes that bites its tail ends', () => {
  const error = new Error('a');
  error.cause = error;
  expect(JSON.stringify(logged({ err: error })).match(/"cause"/g)).toHaveLength(3);
});
