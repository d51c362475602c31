import type { NodeProps } from './node-view.ts';
import { colour } from './read-colour.ts';
import { boxStyle, length } from './read-style.ts';

/** Basic, Box, Row and Col: the first two go the way they say. */
export function Box({ node, children }: NodeProps) {
  const across = node.type === 'Row' || node['direction'] === 'row';
  return (
    <div class={across ? 'w-row' : 'w-col'} style={boxStyle(node)}>
      {children}
    </div>
  );
}

export function Spacer({ node }: NodeProps) {
  const least = length(node['minSize'], 1);
  return <div class="w-spacer" style={least ? { 'min-width': least, 'min-height': least } : {}} />;
}

export function Divider({ node }: NodeProps) {
  const [paint, thick] = [colour(node['color']), length(node['size'], 1)];
  const space = length(node['spacing'], 4);
  const style = {
    ...(paint ? { 'border-color': paint } : {}),
    ...(thick ? { 'border-top-width': thick } : {}),
    ...(space ? { 'margin-block': space } : {}),
  };
  return <hr class={node['flush'] === true ? 'w-divider flush' : 'w-divider'} style={style} />;
}

/** What it moves is shown at once. */
export function Transition({ children }: NodeProps) {
  return <>{children}</>;
}
