import type { WidgetRoot } from '../../../protocol/widget.ts';

/**
 * A copy of the widget as it leaves a server: nulls are dropped at every depth, in lists and in the free-form payloads
 * of actions too, as the reference does. What the caller changes in its own tree afterwards is not seen in the copy.
 */
export function toWireWidget(widget: WidgetRoot): WidgetRoot {
  return withoutNulls(widget) as WidgetRoot;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(isPresent).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  // `fromEntries` defines its properties: a payload's `__proto__` stays a key like any other.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, prop]) => isPresent(prop))
      .map(([name, prop]) => [name, withoutNulls(prop)]),
  );
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}
