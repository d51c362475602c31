/** A tenth of a second at 44,100 a second; it has to be a power of two. */
const SAMPLES = 4096;

export interface LevelMeter {
  /** How loud it was in the last tenth of a second, from 0 to 1, as an ear would say it. */
  level: () => number;
  close: () => void;
}

export function createLevelMeter(stream: MediaStream): LevelMeter {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(SAMPLES);
  return {
    level() {
      analyser.getByteTimeDomainData(samples);
      // Silence is the middle of a byte.
      return Math.sqrt(Math.max(...samples.map((sample) => Math.abs(sample - 128))) / 128);
    },
    close: () => void context.close(),
  };
}
