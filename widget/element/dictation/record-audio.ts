import { createLevelMeter, type LevelMeter } from './level-meter.ts';

/** In the order in which ChatKit servers know them; Safari records only the second. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
/** Enough for speech. */
const BITS_PER_SECOND = 32_000;
/** Milliseconds: a microphone that was forgotten must not listen for ever. */
const LONGEST = 300_000;

export interface Recording {
  level: LevelMeter['level'];
  stop: () => void;
  /** All that was heard until `stop`, or until the microphone was taken away. */
  audio: Promise<Blob>;
}

/**
 * Records the microphone, at most five minutes of it. Rejects as `getUserMedia` does, both promises with the signal's
 * reason; the microphone is released in every case.
 */
export async function recordAudio(signal: AbortSignal): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  let meter: LevelMeter | undefined;
  const release = (): void => {
    meter?.close();
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    signal.throwIfAborted();
    meter = createLevelMeter(stream);
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), audioBitsPerSecond: BITS_PER_SECOND });
    const stop = (): void => {
      if (recorder.state === 'recording') recorder.stop();
    };
    const timer = setTimeout(stop, LONGEST);
    const audio = new Promise<Blob>((resolve, reject) => {
      const parts: Blob[] = [];
      recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
      recorder.addEventListener('stop', () => resolve(new Blob(parts, { type: recorder.mimeType })));
      recorder.addEventListener('error', () => reject(new Error('the recorder failed')));
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }).finally(() => {
      clearTimeout(timer);
      release();
    });
    recorder.start();
    return { level: meter.level, stop, audio };
  } catch (error) {
    release();
    throw error;
  }
}
