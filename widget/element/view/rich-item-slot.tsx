import { late } from './late.tsx';
import { Markdown } from './markdown.tsx';
import type { RichItemProps } from './rich-item.tsx';

/** The place of an item that is no message. What draws it is a chunk of its own: most conversations have none. */
export const RichItemSlot = late<RichItemProps>(
  () => import('./rich-item.tsx').then(({ RichItem }) => RichItem),
  ({ item, strings, imageDomains, failed }) => {
    // The composer's place has the questions: nothing will stand here.
    if (item.type === 'structured_input' && item.status === 'pending') return null;
    if (!failed)
      return (
        <div class="skeleton" role="status" aria-label={strings.loading}>
          <i class="half" />
        </div>
      );
    // Without the chunk a widget has its words for the clipboard, and a workflow can do without being seen.
    const words = item.type === 'widget' ? (item.copy_text ?? strings.undrawable) : '';
    return <Markdown text={words} streaming={false} sources={[]} imageDomains={imageDomains} strings={strings} />;
  },
);
