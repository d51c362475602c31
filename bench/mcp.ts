import { startMcpServer } from '../tests/fakes/mcp-server.ts';
import type { ModelStep } from '../tests/fakes/scripted-model.ts';
import { makeContext, makeMcp, tokenOf } from '../tests/server/agent/mcp/mcp-world.ts';
import { createToolChat } from '../tests/server/agent/mcp/tool-chat.ts';
import { median } from './statistics.ts';

const TURNS = 200;
const WARM_UP_TURNS = 50;
const TOOLS = 40;

/**
 * What a site's own tools add to a turn once their list is known, in milliseconds (medians, alternating): a turn that
 * calls none of 40, and one that calls one over real HTTP with the user's token, each beyond the same turn of a site
 * without tools. The model is scripted and takes no time.
 */
export async function benchMcp(): Promise<{ offered_ms: number; called_ms: number }> {
  const server = await startMcpServer({
    register(mcp) {
      for (let n = 0; n < TOOLS; n++)
        mcp.registerTool(`find_${n}`, { description: 'Finds an order.', annotations: { readOnlyHint: true } }, () => ({
          content: [{ type: 'text', text: 'On its way.' }],
        }));
    },
  });
  try {
    const ask = createToolChat(makeMcp([server.host]));
    const token = await tokenOf('bench', {}, 3600);
    const user = { id: 'bench', token: async () => token };
    const tools = [{ name: 'orders', url: server.url, auth: { mode: 'user_header' as const, audience: 'docs' } }];
    const answer: ModelStep[] = ['On its way.'];
    const call: ModelStep[] = [[{ name: 'orders__find_7', arguments: '{}' }], ...answer];
    const time = async (servers: typeof tools, steps: ModelStep[]): Promise<number> => {
      // A context a request, as each has its own.
      const context = makeContext(servers, user);
      const started = performance.now();
      const { said } = await ask(context, steps);
      const ms = performance.now() - started;
      if (said.length !== 1) throw new Error('the turn did not answer');
      return ms;
    };
    const without: number[] = [];
    const offered: number[] = [];
    const called: number[] = [];
    for (let n = -WARM_UP_TURNS; n < TURNS; n++) {
      const times = [await time([], answer), await time(tools, answer), await time(tools, call)] as const;
      if (n < 0) continue;
      without.push(times[0]);
      offered.push(times[1]);
      called.push(times[2]);
    }
    const beyond = (values: number[]) => Math.round((median(values) - median(without)) * 100) / 100;
    return { offered_ms: beyond(offered), called_ms: beyond(called) };
  } finally {
    await server.close();
  }
}
