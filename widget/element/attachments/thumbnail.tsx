import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from '../view/icon.tsx';

/** Device pixels: the picture is 36 pixels high, on screens of up to 2.7 of theirs to one. */
const HEIGHT = 96;

/**
 * The middle of a picture, or a sign for everything that is none. Drawn on a canvas and not shown from an object URL: a
 * host's policy may refuse `blob:` images, and would report each of them.
 */
export function Thumbnail({ file, sign }: { file?: File | undefined; sign: IconName }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isDrawn, setDrawn] = useState(false);

  useEffect(() => {
    if (!file?.type.startsWith('image/')) return;
    createImageBitmap(file, { resizeHeight: HEIGHT, resizeQuality: 'high' })
      .then((bitmap) => {
        const node = canvas.current;
        if (!node) return;
        // The canvas keeps its own proportions otherwise.
        [node.width, node.height] = [bitmap.width, bitmap.height];
        node.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
        setDrawn(true);
      })
      // What the browser cannot decode keeps the sign.
      .catch(() => undefined);
  }, [file]);

  return (
    <span class="thumbnail">
      <canvas hidden={!isDrawn} ref={canvas} />
      {!isDrawn && <Icon name={sign} />}
    </span>
  );
}
