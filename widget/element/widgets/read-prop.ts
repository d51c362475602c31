import type { WidgetNode } from '../../../protocol/widget.ts';
import type { ControlAction } from './node-view.ts';

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The value if it is one of `names`, else the first of them. */
export function oneOf<const Name extends string>(value: unknown, names: readonly [Name, ...Name[]]): Name {
  return names.find((name) => name === value) ?? names[0];
}

export function isNode(value: unknown): value is WidgetNode {
  return typeof record(value)['type'] === 'string';
}

/** A node's children, one alone or a list; what is no node is left out. */
export function childrenOf({ children }: WidgetNode): WidgetNode[] {
  return [children].flat().filter(isNode);
}

/** An action's config, or undefined where a control does nothing. */
export function readAction(value: unknown): ControlAction | undefined {
  const { type, payload, handler, loadingBehavior, streaming } = record(value);
  if (typeof type !== 'string') return undefined;
  return {
    type,
    payload,
    handler: oneOf(handler, ['server', 'client']),
    loadingBehavior: oneOf(loadingBehavior, ['auto', 'none', 'self', 'container']),
    streaming: streaming !== false,
  };
}
