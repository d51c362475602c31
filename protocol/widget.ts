/**
 * One node of a widget tree. Servers pass widgets through as opaque JSON (the reference accepts any type with any
 * props), so only what addresses a node is named here; an element checks the props that it draws.
 */
export interface WidgetNode {
  type: string;
  id?: string;
  key?: string;
  [prop: string]: unknown;
}

/** `Card`, `ListView` or `Basic`. */
export type WidgetRoot = WidgetNode;
