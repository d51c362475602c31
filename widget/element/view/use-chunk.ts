import { useEffect, useState } from 'preact/hooks';

/** What a chunk exports, loaded once it is `wanted`. Undefined until then, and where it cannot be had. */
export function useChunk<Exports>(load: () => Promise<Exports>, wanted: boolean): Exports | undefined {
  const [chunk, setChunk] = useState<Exports>();
  useEffect(() => {
    if (!wanted || chunk) return;
    // Without it the composer does what it can.
    load().then(
      (loaded) => setChunk(() => loaded),
      () => undefined,
    );
  }, [wanted]);
  return wanted ? chunk : undefined;
}
