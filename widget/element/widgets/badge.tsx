import type { NodeProps } from './node-view.ts';
import { oneOf, text } from './read-prop.ts';

export function Badge({ node }: NodeProps) {
  const tone = oneOf(node['color'], ['secondary', 'success', 'danger', 'warning', 'info', 'discovery']);
  const variant = oneOf(node['variant'], ['soft', 'solid', 'outline']);
  const size = oneOf(node['size'], ['sm', 'md', 'lg']);
  return (
    <span class={`w-badge tone-${tone} ${variant} size-${size}${node['pill'] === true ? ' pill' : ''}`} dir="auto">
      {text(node['label'])}
    </span>
  );
}
