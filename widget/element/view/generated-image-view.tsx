import type { GeneratedImageItem } from '../../../protocol/item.ts';
import { safePicture } from '../markdown/safe-link.ts';
import type { Strings } from '../strings/en.ts';
import { Heading } from './heading.tsx';
import { pure } from './pure.ts';

interface GeneratedImageViewProps {
  item: GeneratedImageItem;
  /** From 0 to 1 while it is being made, undefined before and after. */
  progress: number | undefined;
  strings: Strings;
}

/** An image of the assistant's, in a frame whose size no image changes: neither a rough one nor a late one moves text. */
export const GeneratedImageView = pure(({ item, progress, strings }: GeneratedImageViewProps) => {
  const src = item.image && safePicture(item.image.url, document.baseURI);
  if (!src && progress === undefined) return null;
  return (
    <article class="generated" data-item={item.id}>
      <Heading below={1} class="visually-hidden">
        {strings.assistant}
      </Heading>
      {src && <img src={src} alt={strings.generatedImage} referrerpolicy="no-referrer" />}
      {progress !== undefined && (
        <span
          class={progress > 0 ? 'bar' : 'bar waiting'}
          role="progressbar"
          aria-label={strings.drawing}
          aria-valuenow={progress > 0 ? Math.round(progress * 100) : undefined}
          style={{ '--part': progress }}
        />
      )}
    </article>
  );
});
