import type { RunStreamEvent } from '@openai/agents';
import type { WidgetNode } from '../../../protocol/widget.ts';
import { isEchoOfRaw, isResponsesEvent, type ModelEvent } from './model-event.ts';

/**
 * A text widget that says what a run says: the widget as it is, a copy with the text so far as its `value` after each
 * delta, and at last one that streams no more. The states for `streamWidget`.
 */
export async function* accumulateText<Node extends WidgetNode>(
  run: AsyncIterable<RunStreamEvent>,
  widget: Node,
): AsyncGenerator<Node & { value?: string; streaming?: boolean }> {
  let value = '';
  yield widget;
  for await (const event of run) {
    const delta = event.type === 'raw_model_stream_event' ? textDeltaOf(event.data) : undefined;
    if (delta === undefined) continue;
    value += delta;
    yield { ...widget, value };
  }
  yield { ...widget, value, streaming: false };
}

function textDeltaOf(data: ModelEvent): string | undefined {
  if (data.type === 'output_text_delta') return isEchoOfRaw(data) ? undefined : data.delta;
  if (data.type !== 'model' || !isResponsesEvent(data.event)) return undefined;
  return data.event.type === 'response.output_text.delta' ? data.event.delta : undefined;
}
