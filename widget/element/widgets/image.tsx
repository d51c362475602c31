import { safePicture } from '../markdown/safe-link.ts';
import type { NodeProps } from './node-view.ts';
import { background } from './read-colour.ts';
import { oneOf, text } from './read-prop.ts';
import { blockStyle } from './read-style.ts';

export function Image({ node }: NodeProps) {
  const src = safePicture(text(node['src']), document.baseURI);
  if (!src) return null;
  const { fit, position, frame, flush } = node;
  return (
    <img
      class={`w-image${frame === true ? ' framed' : ''}${flush === true ? ' flush' : ''}`}
      src={src}
      alt={text(node['alt'])}
      referrerpolicy="no-referrer"
      style={{
        ...blockStyle(node),
        ...background(node['background']),
        'object-fit': oneOf(fit, ['cover', 'contain', 'fill', 'scale-down', 'none']),
        ...(text(position) ? { 'object-position': text(position) } : {}),
      }}
    />
  );
}
