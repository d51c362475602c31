import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTranscribe } from '../../server/agent/transcribe.ts';
import { type ResponsesUpstream, startResponsesUpstream } from '../fakes/responses-upstream.ts';
import { makeApp } from './make-app.ts';

let upstream: ResponsesUpstream;
let stack: Awaited<ReturnType<typeof makeApp>>;
beforeEach(async () => {
  upstream = await startResponsesUpstream();
  const transcribe = createTranscribe({ openaiBaseUrl: upstream.baseUrl }, { warn: () => {} });
  stack = await makeApp(async function* () {}, transcribe);
});
afterEach(async () => {
  await stack.close();
  await upstream.close();
});

const recording = {
  type: 'input.transcribe',
  params: { audio_base64: btoa('sound'), mime_type: 'audio/ogg;codecs=opus' },
};

test('a recording is written down, and the panel knows that it can be', async () => {
  upstream.transcripts.push({ text: 'When are plums ripe?' });
  const ask = await stack.visitor();
  const answer = await ask(recording);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toStrictEqual({ text: 'When are plums ripe?' });
  expect(upstream.requests[0]?.body['file']).toStrictEqual({
    name: 'recording.ogg',
    type: 'audio/ogg',
    bytes: Buffer.from('sound'),
  });
  const session = await stack.post('/v1/session', stack.siteToken, {});
  expect(await session.json()).toMatchObject({ site: { dictation: true } });
});

test('a problem of the endpoint is no fault of this server', async () => {
  upstream.transcripts.push({ status: 429, retryAfter: 60 });
  const ask = await stack.visitor();
  const answer = await ask(recording);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toStrictEqual({
    error: { code: 'model_unavailable', message: 'dictation is not available right now, please try again' },
  });
  expect(stack.logged).toStrictEqual([]);
});
