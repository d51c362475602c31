import { describe, expect, test } from 'vitest';
import { ChatKitError } from '../../../server/chatkit/errors.ts';
import { parseRequest } from '../../../server/chatkit/parse-request.ts';

const input = { content: [{ type: 'input_text', text: 'Hi' }], attachments: [], inference_options: {} };
const create = (changes: object = {}) => ({ type: 'threads.create', params: { input: { ...input, ...changes } } });
const say = (text: string) => create({ content: [{ type: 'input_text', text }] });

function codeOf(request: unknown): string {
  try {
    parseRequest(request);
  } catch (error) {
    if (error instanceof ChatKitError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('reads as leniently as the reference', () => {
  test.each<[string, unknown]>([
    ['no list parameters', { type: 'threads.list', params: {} }],
    ['a limit of null', { type: 'threads.list', params: { limit: null } }],
    ['a limit as a string', { type: 'threads.list', params: { limit: '5' } }],
    ['a negative limit', { type: 'threads.list', params: { limit: -1 } }],
    ['a limit of true', { type: 'threads.list', params: { limit: true } }],
    ['unknown keys', { type: 'threads.list', params: { zz: 1 }, foo: 1 }],
    ['metadata', { type: 'threads.list', params: {}, metadata: { a: 1 } }],
    ['a message without parts', create({ content: [] })],
    ['a null tool output', { type: 'threads.add_client_tool_output', params: { thread_id: 't', result: null } }],
    ['null for what may be missing', create({ quoted_text: null, inference_options: { model: null } })],
    ['8,000 characters', say('x'.repeat(8_000))],
    ['a pair of surrogates', say('😀')],
  ])('%s', (_, request) => {
    expect(codeOf(request)).toBe('accepted');
  });
});

describe('refuses', () => {
  test.each<[string, unknown, string]>([
    ['an array', [], 'invalid_request'],
    ['no type', { params: {} }, 'invalid_request'],
    ['no params', { type: 'threads.list' }, 'invalid_request'],
    ['null metadata', { type: 'threads.list', params: {}, metadata: null }, 'invalid_request'],
    ['a limit of 5.5', { type: 'threads.list', params: { limit: 5.5 } }, 'invalid_request'],
    ['an order of null', { type: 'threads.list', params: { order: null } }, 'invalid_request'],
    ['another order', { type: 'threads.list', params: { order: 'up' } }, 'invalid_request'],
    ['no attachments', create({ attachments: undefined }), 'invalid_request'],
    ['null inference options', create({ inference_options: null }), 'invalid_request'],
    ['a tool choice that is a string', create({ inference_options: { tool_choice: 'auto' } }), 'invalid_request'],
    ['a tag without data', create({ content: [{ type: 'input_tag', id: 'a', text: 'b' }] }), 'invalid_request'],
    ['an unknown part', create({ content: [{ type: 'input_image', url: 'x' }] }), 'invalid_request'],
    ['no tool output', { type: 'threads.add_client_tool_output', params: { thread_id: 't' } }, 'invalid_request'],
    [
      'other feedback',
      { type: 'items.feedback', params: { thread_id: 't', item_ids: [], kind: 'meh' } },
      'invalid_request',
    ],
    ['a title of null', { type: 'threads.update', params: { thread_id: 't', title: null } }, 'invalid_request'],
    ['NUL in text', say('a\0b'), 'invalid_request'],
    ['NUL in an id', { type: 'threads.get_by_id', params: { thread_id: 'thr_\0' } }, 'invalid_request'],
    ['a lone surrogate in text', say('a\uD83D'), 'invalid_request'],
    [
      'a lone surrogate in a title',
      { type: 'threads.update', params: { thread_id: 't', title: '\uDE00' } },
      'invalid_request',
    ],
    ['8,001 characters', say('x'.repeat(8_001)), 'message_too_long'],
    [
      '8,001 characters in two parts',
      create({ content: [say('x'.repeat(8_000)), say('y')].flatMap((r) => r.params.input.content) }),
      'message_too_long',
    ],
    ['an unknown type', { type: 'threads.explode', params: {} }, 'unknown_request_type'],
    ['a type that every object has', { type: 'constructor', params: {} }, 'unknown_request_type'],
  ])('%s', (_, request, code) => {
    expect(codeOf(request)).toBe(code);
  });

  test('and says where', () => {
    expect(() => parseRequest(create({ attachments: 'x' }))).toThrow(/^params\.input\.attachments: /);
  });
});

test('what is unknown or null is dropped, defaults are filled in', () => {
  const tag = { type: 'input_tag', id: 'd', text: 'Plan', data: { k: null }, group: null, zz: 1 };
  const parsed = parseRequest(create({ content: [tag], quoted_text: null, inference_options: { model: null, zz: 1 } }));
  expect(parsed).toEqual({
    type: 'threads.create',
    params: {
      input: {
        content: [{ type: 'input_tag', id: 'd', text: 'Plan', data: { k: null }, interactive: false }],
        attachments: [],
        inference_options: {},
      },
    },
    metadata: {},
  });
});

describe('metadata', () => {
  test('comes from three places, the outermost wins', () => {
    const request = {
      type: 'threads.create',
      metadata: { a: 'top' },
      params: { metadata: { a: 'params', b: 'params' }, input: { ...input, metadata: { b: 'input', c: 'input' } } },
    };
    expect(parseRequest(request).metadata).toEqual({ a: 'top', b: 'params', c: 'input' });
  });

  test('that is no object further in is skipped', () => {
    const request = { ...create({ metadata: 'x' }), metadata: { a: 1 } };
    expect(parseRequest(request).metadata).toEqual({ a: 1 });
  });

  test('pollutes no prototype', () => {
    const request = JSON.parse(
      '{"type":"threads.list","params":{},"metadata":{"__proto__":{"evil":1},"a":{"constructor":{"prototype":{"evil":1}}}}}',
    ) as unknown;
    const { metadata } = parseRequest(request);
    expect(metadata).toEqual({ a: {} });
    expect(({} as { evil?: number }).evil).toBeUndefined();
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  });

  test('text that was cut anywhere is mended, not refused', () => {
    const request = { type: 'threads.list', params: {}, metadata: { pageContext: { text: 'a\0b\uD83D' } } };
    expect(parseRequest(request).metadata).toEqual({ pageContext: { text: 'a\uFFFDb\uFFFD' } });
  });
});
