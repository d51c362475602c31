import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Markdown } from './markdown.tsx';
import type { RichItemProps } from './rich-item.tsx';

let known: FunctionComponent<RichItemProps> | undefined;

/** The place of an item that is no message. What draws it is a chunk of its own: most conversations have none. */
export function RichItemSlot(props: RichItemProps) {
  const [failed, setFailed] = useState(false);
  const [, setLoaded] = useState(known !== undefined);
  useEffect(() => {
    if (known) return;
    import('./rich-item.tsx').then(
      ({ RichItem }) => {
        known = RichItem;
        setLoaded(true);
      },
      () => setFailed(true),
    );
  }, []);
  const { item, strings, imageDomains } = props;
  const Item = known;
  if (Item) return <Item {...props} />;
  if (!failed)
    return (
      <div class="skeleton" role="status" aria-label={strings.loading}>
        <i class="half" />
      </div>
    );
  // Without the chunk a widget has its words for the clipboard, and a workflow can do without being seen.
  const words = item.type === 'widget' ? (item.copy_text ?? strings.undrawable) : '';
  return <Markdown text={words} streaming={false} sources={[]} imageDomains={imageDomains} strings={strings} />;
}
