import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTranscribe, MAX_AUDIO_BYTES, type TranscribeConfig } from '../../../server/agent/transcribe.ts';
import type { LogFields } from '../../../server/log.ts';
import { startChatCompletionsUpstream } from '../../fakes/chat-completions-upstream.ts';
import type { Transcript, Upstream } from '../../fakes/upstream.ts';

const KEY = 'sk-upstream-key-000';
const WEBM = { mimeType: 'audio/webm;codecs=opus', mediaType: 'audio/webm' };

let upstream: Upstream;
let warned: LogFields[];
beforeEach(async () => {
  upstream = await startChatCompletionsUpstream();
  warned = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await upstream.close();
});

function transcribe(
  recording: { audio?: Uint8Array; mimeType?: string; mediaType?: string } = {},
  { signal = new AbortController().signal, ...config }: TranscribeConfig & { signal?: AbortSignal } = {},
) {
  const log = { warn: (fields: LogFields) => void warned.push(fields) };
  const written = createTranscribe({ openaiApiKey: KEY, openaiBaseUrl: upstream.baseUrl, ...config }, log);
  return written?.({ audio: Buffer.from('sound'), ...WEBM, ...recording }, { signal });
}

test('a recording goes to the endpoint as a file, and its words come back', async () => {
  upstream.transcripts.push({ text: ' When are plums ripe?\n' });
  expect(await transcribe()).toStrictEqual({ text: 'When are plums ripe?' });
  expect(upstream.requests.map(({ path, body }) => [path, body])).toStrictEqual([
    [
      '/v1/audio/transcriptions',
      { model: 'whisper-1', file: { name: 'recording.webm', type: 'audio/webm', bytes: Buffer.from('sound') } },
    ],
  ]);
  expect(upstream.requests[0]?.headerNames).toContain('authorization');
});

test('silence is no words, not an error', async () => {
  upstream.transcripts.push({ text: '' });
  expect(await transcribe()).toStrictEqual({ text: '' });
});

test('the model can be named; the endpoint needs no key', async () => {
  await transcribe({}, { transcribeModel: 'whisper-large-v3', openaiApiKey: undefined });
  expect(upstream.requests[0]?.body['model']).toBe('whisper-large-v3');
});

test('without a key or an endpoint there is no dictation', () => {
  expect(createTranscribe({ transcribeModel: 'whisper-1' }, { warn: () => {} })).toBeUndefined();
  expect(createTranscribe({ openaiApiKey: KEY }, { warn: () => {} })).toBeDefined();
});

test.each([
  ['audio/mp4', 'recording.mp4'],
  ['audio/ogg', 'recording.ogg'],
  ['audio/mpeg', 'recording.mp3'],
  ['audio/wav', 'recording.wav'],
  [' Audio/MP4 ', 'recording.mp4'],
])('a recording of type %j is named %s', async (mediaType, name) => {
  await transcribe({ mediaType });
  expect(upstream.requests[0]?.body['file']).toMatchObject({ name });
});

describe('nothing is sent of a recording that', () => {
  test.each([
    ['is empty', { audio: new Uint8Array() }, 'invalid_request'],
    ['is too large by a byte', { audio: new Uint8Array(MAX_AUDIO_BYTES + 1) }, 'body_too_large'],
    ['is no sound', { mediaType: 'text/html' }, 'media_type_not_allowed'],
    ['names a type that every object has', { mediaType: 'constructor' }, 'media_type_not_allowed'],
  ])('%s', async (_why, recording, code) => {
    await expect(transcribe(recording)).rejects.toMatchObject({ name: 'ApiError', code });
    expect(upstream.requests).toStrictEqual([]);
  });
});

test('a recording of exactly 10 MB is taken', async () => {
  expect(await transcribe({ audio: new Uint8Array(10 * 1024 * 1024) })).toStrictEqual({ text: 'Hello.' });
});

test.each<[string, Transcript, string, number]>([
  ['429', { status: 429, retryAfter: 0 }, 'model_unavailable', 3],
  ['429 for a minute', { status: 429, retryAfter: 60 }, 'model_unavailable', 1],
  ['500', { status: 500, retryAfter: 0 }, 'model_unavailable', 3],
  ['503', { status: 503, retryAfter: 0 }, 'model_unavailable', 3],
  ['400', { status: 400 }, 'invalid_request', 1],
  ['413', { status: 413 }, 'body_too_large', 1],
  ['401', { status: 401 }, 'not_configured', 1],
  ['404', { status: 404 }, 'not_configured', 1],
])(
  'an endpoint that answers %s is refused by a code that says whether to try again',
  async (_name, answer, code, tries) => {
    for (let index = 0; index < tries; index += 1) upstream.transcripts.push(answer);
    const error = await transcribe()?.catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'ApiError', code });
    expect(String(error)).not.toMatch(/upstream says|\d{3}/);
    expect(upstream.requests).toHaveLength(tries);
    expect(warned).toHaveLength(1);
  },
);

test('a failure that passes is not seen', async () => {
  upstream.transcripts.push({ status: 500, retryAfter: 0 }, { text: 'Plums' });
  expect(await transcribe()).toStrictEqual({ text: 'Plums' });
  expect(warned).toStrictEqual([]);
});

test('a connection that breaks is not the end', async () => {
  upstream.transcripts.push({ cut: true }, { text: 'Plums' });
  expect(await transcribe()).toStrictEqual({ text: 'Plums' });
});

test('an endpoint that says nothing for a minute is given up, and not asked again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  upstream.transcripts.push({ stall: true });
  const words = expect(transcribe()).rejects.toMatchObject({ code: 'model_unavailable' });
  await vi.waitUntil(() => upstream.requests.length === 1, { interval: 0 });
  await vi.advanceTimersByTimeAsync(59_999);
  expect(warned).toStrictEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await words;
  expect(upstream.requests).toHaveLength(1);
});

test('a visitor who leaves ends the request, and nobody is warned', async () => {
  const leave = new AbortController();
  upstream.transcripts.push({ stall: true });
  const words = expect(transcribe({}, { signal: leave.signal })).rejects.toMatchObject({ code: 'model_unavailable' });
  await vi.waitUntil(() => upstream.requests.length === 1);
  leave.abort();
  await words;
  expect(warned).toStrictEqual([]);
});

test('an answer that is not what the API says is a failure of the endpoint', async () => {
  upstream.transcripts.push({ text: 1 } as unknown as Transcript);
  await expect(transcribe()).rejects.toMatchObject({ code: 'model_unavailable' });
});
