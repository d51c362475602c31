import { Agent, Runner, type StreamEvent } from '@openai/agents';
import { assistantMessage, modelStream, ScriptedModel } from '@openai/agents/testing';
import { expect, test } from 'vitest';
import { accumulateText } from '../../../../server/chatkit/agents/accumulate-text.ts';
import { modelEvent, raw } from './scripted-run.ts';

const widget = { type: 'Markdown', id: 'text', value: '', streaming: true };

test('a widget says what a run says, and streams no more at its end', async () => {
  const said: StreamEvent[] = [
    { type: 'response_started' },
    { type: 'output_text_delta', delta: 'Go' },
    { type: 'output_text_delta', delta: 'od' },
    {
      type: 'response_done',
      response: {
        id: 'r',
        output: [assistantMessage('Good')],
        usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
      },
    },
  ];
  const agent = new Agent({ name: 'Test', model: new ScriptedModel([modelStream(said)]) });
  const run = await new Runner({ tracingDisabled: true }).run(agent, 'Hi', { stream: true });
  expect(await Array.fromAsync(accumulateText(run, widget))).toStrictEqual([
    widget,
    { ...widget, value: 'Go' },
    { ...widget, value: 'Good' },
    { ...widget, value: 'Good', streaming: false },
  ]);
});

async function* rawRun() {
  yield modelEvent({ type: 'response_started' });
  yield* raw({ type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: 'Go' });
  yield* raw({ type: 'response.output_text.done', item_id: 'm', output_index: 0, content_index: 0, text: 'Go' });
}

test('a delta that comes raw and normalised counts once', async () => {
  expect(await Array.fromAsync(accumulateText(rawRun(), widget))).toStrictEqual([
    widget,
    { ...widget, value: 'Go' },
    { ...widget, value: 'Go', streaming: false },
  ]);
});
