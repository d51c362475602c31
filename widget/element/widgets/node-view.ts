import type { ComponentChild, ComponentChildren } from 'preact';
import type { WidgetNode } from '../../../protocol/widget.ts';
import type { WidgetAction } from '../state/run-action.ts';
import type { Strings } from '../strings/en.ts';

/** What a control does, with the protocol's defaults filled in. */
export interface ControlAction extends WidgetAction {
  loadingBehavior: 'auto' | 'none' | 'self' | 'container';
}

/** What every node of one widget shares. A new one draws the whole widget again. */
export interface WidgetScope {
  /** Does an action once, whoever presses twice. `auto` is what its `auto` behaviour means for this kind of control. */
  press: (action: ControlAction, path: string, auto: 'none' | 'self' | 'container') => void;
  /** Says why the press did nothing: the control was not in view for long enough. */
  explain: () => void;
  /** An action cannot run now: another turn streams, or the whole widget waits. */
  blocks: (action: ControlAction) => boolean;
  /** The control at that path shows that its action runs. */
  waits: (path: string) => boolean;
  imageDomains: readonly string[] | undefined;
  strings: Strings;
}

export interface NodeProps {
  /** As it came: the props of a node are checked where they are drawn. */
  node: WidgetNode;
  /** Where the node stands in the tree: its control is the same one in the next version of the widget. */
  path: string;
  scope: WidgetScope;
  /** The node's children, drawn. */
  children?: ComponentChildren;
}

export type NodeView = (props: NodeProps) => ComponentChild;
