import { toChildArray } from 'preact';
import { useState } from 'preact/hooks';
import type { WidgetNode } from '../../../protocol/widget.ts';
import { widgetText } from '../state/widget-text.ts';
import { control } from './control.ts';
import type { NodeProps } from './node-view.ts';
import { childrenOf, readAction } from './read-prop.ts';
import { boxStyle } from './read-style.ts';
import { StatusLine } from './status-line.tsx';

/** Rows shown where the server leaves their number to us. */
const AUTO_LIMIT = 6;

export function ListView({ node, scope, children }: NodeProps) {
  const [open, setOpen] = useState(false);
  const rows = toChildArray(children);
  const { limit: given, status } = node;
  const limit = given === 'auto' ? AUTO_LIMIT : typeof given === 'number' && given > 0 ? given : rows.length;
  return (
    <div class="w-frame">
      <StatusLine status={status} />
      <ul class="w-list">{open ? rows : rows.slice(0, limit)}</ul>
      {rows.length > limit && (
        <button type="button" class="w-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? scope.strings.showLess : scope.strings.showMore}
        </button>
      )}
    </div>
  );
}

/** A row; one with an action is a button, beside its contents where they have controls of their own. */
export function ListViewItem(props: NodeProps) {
  const { node, children } = props;
  const action = readAction(node['onClickAction']);
  const content = (
    <span class="w-row" style={boxStyle(node)}>
      {children}
    </span>
  );
  if (!action) return <li class="w-item">{content}</li>;
  const button = control(props, action, 'self');
  if (!childrenOf(node).some(hasControl))
    return (
      <li>
        <button class="w-item w-press" {...button}>
          {content}
        </button>
      </li>
    );
  return (
    <li class="w-item beside">
      <button class="w-press" aria-label={widgetText(node)} {...button} />
      {content}
    </li>
  );
}

function hasControl(node: WidgetNode): boolean {
  return node.type === 'Button' || node.type === 'Markdown' || childrenOf(node).some(hasControl);
}
