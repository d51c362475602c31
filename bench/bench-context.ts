import type { Context } from '../server/context.ts';

/** Who asks in benchmarks. */
export const BENCH_CONTEXT: Context = {
  site: {
    id: 's_bench',
    name: 'Bench',
    origins: [],
    epoch: 0,
    settings: { prompts: [], theme: 'auto', pageContext: 'page', identity: { mode: 'none' }, mcpServers: [] },
  },
  owner: 'v_bench',
  metadata: {},
  signal: new AbortController().signal,
};
