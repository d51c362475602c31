import { APPROVE } from '../../../protocol/approval.ts';
import type { ControlAction, NodeProps } from './node-view.ts';
import { isSeen, watchSight } from './sight.ts';

/** What every control with an action carries, whatever it looks like. */
export function control(
  { path, scope }: NodeProps,
  action: ControlAction,
  auto: 'none' | 'self' | 'container',
  part = path,
) {
  const button = {
    type: 'button' as const,
    // Not `disabled`: that would throw the focus out of the control that was just pressed.
    'aria-disabled': scope.blocks(action) ? ('true' as const) : undefined,
    'aria-busy': scope.waits(part) ? ('true' as const) : undefined,
    onClick: () => scope.press(action, part, auto),
  };
  if (action.type !== APPROVE) return button;
  return {
    ...button,
    ref: watchSight,
    'data-watched': '',
    /** Only what a visitor presses, and could see before. */
    onClick: ({ isTrusted, currentTarget }: MouseEvent) => {
      if (!isTrusted) return;
      if (currentTarget instanceof Element && isSeen(currentTarget)) button.onClick();
      else scope.explain();
    },
  };
}
