import type { ControlAction, NodeProps } from './node-view.ts';

/** What every control with an action carries, whatever it looks like. */
export function control(
  { path, scope }: NodeProps,
  action: ControlAction,
  auto: 'none' | 'self' | 'container',
  part = path,
) {
  return {
    type: 'button' as const,
    // Not `disabled`: that would throw the focus out of the control that was just pressed.
    'aria-disabled': scope.blocks(action) ? ('true' as const) : undefined,
    'aria-busy': scope.waits(part) ? ('true' as const) : undefined,
    onClick: () => scope.press(action, part, auto),
  };
}
