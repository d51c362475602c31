import { Agent, type Model, Runner } from '@openai/agents';

/** Asks a model for a word, as an answer does but with nothing of a visitor. Rejects as the model does. */
export async function askModel(model: Model): Promise<void> {
  const runner = new Runner({ tracingDisabled: true, traceIncludeSensitiveData: false });
  const agent = new Agent({
    name: 'Verification',
    model,
    modelSettings: { store: false },
    instructions: 'Answer with the word OK and nothing else.',
  });
  await runner.run(agent, [{ role: 'user', content: 'Are you there?' }], { maxTurns: 1 });
}
