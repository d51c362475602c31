import { z } from 'zod';
import { diffWidget } from '../../../server/chatkit/widgets/widget-diff.ts';
import { toWireWidget } from '../../../server/chatkit/widgets/wire-widget.ts';
import type { JsonObject } from '../golden.ts';
import { readScript } from '../read-script.ts';

const node = z.looseObject({ type: z.string() });
const WIDGET_DIFF = z.looseObject({ before: node, after: node });

/** The updates from one state of a widget to the next. */
export async function observeWidgetDiff(golden: JsonObject): Promise<JsonObject> {
  const { before, after } = readScript(WIDGET_DIFF, golden);
  return { expected_updates: diffWidget(toWireWidget(before), toWireWidget(after)) as unknown as JsonObject[] };
}
