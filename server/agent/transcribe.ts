import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import type { Recording } from '../chatkit/chatkit-handlers.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { Log } from '../log.ts';
import { clientOptions, type Endpoint } from './client-options.ts';
import { retryWait } from './retry-wait.ts';

export interface TranscribeConfig extends Endpoint {
  transcribeModel?: string | undefined;
}

export type Transcribe = (recording: Recording, context: Pick<Context, 'signal'>) => Promise<{ text: string }>;

export const MAX_AUDIO_BYTES = 10 * 1024 * 1024;
/** A minute of speech takes a few seconds; a visitor waits no longer than this, retries included. */
const DEADLINE_MS = 60_000;

/** The types that browsers record and endpoints know, and the extension by which endpoints know them. */
const EXTENSIONS: Record<string, string> = {
  'audio/webm': 'webm',
  'video/webm': 'webm',
  'audio/ogg': 'ogg',
  'audio/mp4': 'mp4',
  'video/mp4': 'mp4',
  'audio/x-m4a': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/flac': 'flac',
};

/**
 * Dictation by an endpoint that speaks OpenAI's `/audio/transcriptions`; `undefined` without a key or a base URL.
 * Refuses with `ApiError`: an empty, too large or unknown recording before anything is sent, and what the endpoint
 * answers as the code that says whether the visitor can try again (`model_unavailable`: yes).
 */
export function createTranscribe(config: TranscribeConfig, log: Pick<Log, 'warn'>): Transcribe | undefined {
  const { openaiApiKey, openaiBaseUrl } = config;
  if (openaiApiKey === undefined && openaiBaseUrl === undefined) return undefined;
  const client = new OpenAI(clientOptions(config));
  // The name that compatible endpoints give to the model they have.
  const model = config.transcribeModel ?? (openaiBaseUrl === undefined ? 'gpt-4o-mini-transcribe' : 'whisper-1');

  return async (recording, { signal }) => {
    const file = toFile(recording);
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new DOMException('no words came in time', 'TimeoutError')),
      DEADLINE_MS,
    );
    try {
      const answer = await ask(file, AbortSignal.any([signal, deadline.signal]));
      if (typeof answer.text !== 'string') throw new Error('the answer of the endpoint holds no text');
      return { text: answer.text.trim() };
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'a recording was not transcribed');
      throw toRefusal(error);
    } finally {
      clearTimeout(timer);
    }
  };

  async function ask(file: File, signal: AbortSignal) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await client.audio.transcriptions.create({ model, file }, { signal });
      } catch (error) {
        const wait = retryWait(error, attempt);
        if (wait === undefined || signal.aborted) throw error;
        await sleep(wait, undefined, { signal });
      }
    }
  }
}

function toFile({ audio, mediaType }: Recording): File {
  const type = mediaType.trim().toLowerCase();
  const extension = Object.hasOwn(EXTENSIONS, type) ? EXTENSIONS[type] : undefined;
  if (extension === undefined)
    throw new ApiError('media_type_not_allowed', `mime_type is one of ${Object.keys(EXTENSIONS).join(', ')}`);
  if (audio.length === 0) throw new ApiError('invalid_request', 'the recording is empty');
  if (audio.length > MAX_AUDIO_BYTES)
    throw new ApiError('body_too_large', `a recording has at most ${MAX_AUDIO_BYTES} bytes`);
  return new File([new Uint8Array(audio)], `recording.${extension}`, { type });
}

/** Nothing of the endpoint's own words goes on: they can quote keys and models. */
function toRefusal(cause: unknown): ApiError {
  const { status } = cause as { status?: unknown };
  if (status === 400 || status === 415 || status === 422)
    return new ApiError('invalid_request', 'the recording cannot be read', { cause });
  if (status === 413) return new ApiError('body_too_large', 'the recording is too long', { cause });
  if (typeof status === 'number' && status >= 401 && status <= 405)
    return new ApiError('not_configured', 'dictation is not set up correctly on this server', { cause });
  return new ApiError('model_unavailable', 'dictation is not available right now, please try again', { cause });
}
