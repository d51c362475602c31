import { Answer } from './answer.tsx';
import { Boundary } from './boundary.ts';
import { pure } from './pure.ts';
import { Question } from './question.tsx';
import type { RichItemProps } from './rich-item.tsx';
import { RichItemSlot } from './rich-item-slot.tsx';

interface ItemViewProps extends RichItemProps {
  /** More text of it is expected, or was when it broke off. */
  streaming: boolean;
}

/** One item of a thread, passed over while nothing of it changes. One that cannot be drawn takes only itself away. */
export const ItemView = pure((props: ItemViewProps) => (
  <Boundary of={props.item}>
    <Item {...props} />
  </Boundary>
));

function Item({ streaming, ...props }: ItemViewProps) {
  const { item, imageDomains, strings } = props;
  switch (item.type) {
    case 'user_message':
      return <Question item={item} strings={strings} />;
    case 'assistant_message':
      return <Answer item={item} streaming={streaming} imageDomains={imageDomains} strings={strings} />;
    case 'workflow':
    case 'task':
    case 'generated_image':
    case 'widget':
    case 'structured_input':
      return <RichItemSlot {...props} />;
    default:
      return null;
  }
}
