import { APPROVE, DECLINE } from '../../../protocol/approval.ts';
import type { WidgetNode, WidgetRoot } from '../../../protocol/widget.ts';
import type { AskedCall } from './approval.ts';
import type { ApprovalPhrases, Settlement } from './approval-phrases.ts';

/**
 * A card that shows a call as it would be made, with every argument. What a model or a tool's server wrote stands in
 * plain text nodes, and characters that are not seen are written out: a visitor approves nothing else than they read.
 */
export function writeApprovalCard(call: AskedCall, hash: string, phrases: ApprovalPhrases): WidgetRoot {
  return {
    type: 'Card',
    size: 'md',
    status: { text: phrases.asks, icon: 'square-code' },
    children: describe(call, phrases),
    confirm: { label: phrases.approve, action: { type: APPROVE, payload: { hash } } },
    cancel: { label: phrases.decline, action: { type: DECLINE, payload: { hash } } },
  };
}

/** The same card with what came of it in place of its buttons. */
export function writeSettledCard(call: AskedCall, settlement: Settlement, phrases: ApprovalPhrases): WidgetRoot {
  const [icon, color] = LOOKS[settlement];
  return {
    type: 'Card',
    size: 'md',
    status: { text: phrases.asked, icon: 'square-code' },
    children: [
      ...describe(call, phrases),
      { type: 'Divider' },
      {
        type: 'Row',
        gap: 2,
        align: 'center',
        children: [
          { type: 'Icon', name: icon, color, size: 'sm' },
          { type: 'Text', value: phrases[settlement], size: 'sm' },
        ],
      },
    ],
  };
}

/** Whether the card still asks. */
export function isOpenCard(card: WidgetRoot): boolean {
  return card['confirm'] !== undefined;
}

const LOOKS: Record<Settlement, [icon: string, color: string]> = {
  done: ['check-circle', 'success'],
  failed: ['info', 'danger'],
  unknown: ['circle-question', 'warning'],
  declined: ['close', 'secondary'],
  expired: ['clock', 'secondary'],
};

function describe({ server, tool, title, args }: AskedCall, phrases: ApprovalPhrases): WidgetNode[] {
  const entries = Object.entries(args);
  return [
    { type: 'Title', value: showExactly(title), size: 'sm' },
    { type: 'Caption', value: showExactly(`${server} · ${tool}`) },
    ...entries.map(
      ([name, value]): WidgetNode => ({
        type: 'Col',
        gap: 0,
        children: [
          { type: 'Caption', value: showExactly(name) },
          { type: 'Text', value: showExactly(JSON.stringify(value)), size: 'sm' },
        ],
      }),
    ),
    ...(entries.length === 0 ? [{ type: 'Text', value: phrases.noArguments, size: 'sm' }] : []),
  ];
}

/** Controls, marks that turn the direction of text, and what has no width: each as its number. */
function showExactly(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
}
