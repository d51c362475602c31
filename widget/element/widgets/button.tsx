import { control } from './control.ts';
import type { NodeProps } from './node-view.ts';
import { oneOf, readAction, text } from './read-prop.ts';
import { WidgetIcon } from './widget-icon.tsx';

const TONES = ['secondary', 'primary', 'info', 'discovery', 'success', 'caution', 'warning', 'danger'] as const;
const SIZES = ['lg', '3xs', '2xs', 'xs', 'sm', 'md', 'xl', '2xl', '3xl'] as const;

/** A button with an action. One that submits a form has none of its own, and no form is drawn here. */
export function Button(props: NodeProps) {
  const { node } = props;
  const action = readAction(node['onClickAction']);
  if (!action) return null;
  const { iconStart, iconEnd, iconSize } = node;
  const label = text(node['label']);
  const tone = oneOf(node['color'] ?? node['style'], TONES);
  const variant = oneOf(node['variant'], [
    tone === 'secondary' ? 'outline' : 'solid',
    'soft',
    'solid',
    'outline',
    'ghost',
  ]);
  const flags = ['pill', 'uniform', 'block'].filter((flag) => node[flag] === true).join(' ');
  return (
    <button
      class={`w-button tone-${tone} ${variant} size-${oneOf(node['size'], SIZES)} ${flags}`}
      // Without words the icon's name has to do.
      aria-label={label ? undefined : text(iconStart ?? iconEnd).replaceAll('-', ' ')}
      disabled={node['disabled'] === true}
      {...control(props, action, 'self')}
    >
      {iconStart !== undefined && <WidgetIcon name={iconStart} size={iconSize} />}
      {label && <span dir="auto">{label}</span>}
      {iconEnd !== undefined && <WidgetIcon name={iconEnd} size={iconSize} />}
    </button>
  );
}
