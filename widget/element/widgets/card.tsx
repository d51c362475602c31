import { control } from './control.ts';
import type { NodeProps } from './node-view.ts';
import { oneOf, readAction, record, text } from './read-prop.ts';
import { boxStyle, paddingStyle } from './read-style.ts';
import { StatusLine } from './status-line.tsx';

export function Card(props: NodeProps) {
  const { node, scope, children } = props;
  const size = oneOf(node['size'], ['md', 'sm', 'lg', 'full']);
  const body = (
    <div class="w-col w-card-body" style={paddingStyle(node)}>
      {children}
    </div>
  );
  return (
    <div class={`w-frame card-${size}`} style={boxStyle({ ...node, size: undefined, padding: undefined })}>
      <StatusLine status={node['status']} />
      {node['collapsed'] === true ? (
        <details class="w-collapsed">
          <summary>{scope.strings.showMore}</summary>
          {body}
        </details>
      ) : (
        body
      )}
      <div class="w-foot">
        <CardButton {...props} name="cancel" />
        <CardButton {...props} name="confirm" />
      </div>
    </div>
  );
}

function CardButton({ name, ...props }: NodeProps & { name: 'cancel' | 'confirm' }) {
  const { label, action: given } = record(props.node[name]);
  const action = readAction(given);
  if (!action) return null;
  const look = name === 'confirm' ? 'tone-primary solid' : 'tone-secondary outline';
  return (
    <button class={`w-button size-lg pill ${look}`} {...control(props, action, 'container', `${props.path}.${name}`)}>
      <span dir="auto">{text(label)}</span>
    </button>
  );
}
