import type { ClientToolCallItem } from '../../../protocol/item.ts';
import type { HostHandlers } from './chat-state.ts';

/** What goes to the server, and why it is not what the tool gave. */
export interface ToolOutput {
  result: unknown;
  failed: Error | undefined;
}

/**
 * Runs a client tool on the host page. Its result becomes plain JSON, nothing becomes `{}`; a missing handler, a throw
 * and a result that JSON cannot hold become `{error}`, because only a model that hears of a failure can go on. There is
 * no deadline: a tool may ask the visitor.
 */
export async function callClientTool(
  tool: HostHandlers['onClientTool'],
  { name, arguments: params }: ClientToolCallItem,
): Promise<ToolOutput> {
  try {
    if (!tool) throw new Error(`this page has no client tool "${name}"`);
    const given: unknown = (await tool({ name, params })) ?? {};
    const json = JSON.stringify(given) as string | undefined;
    if (json === undefined) throw new Error(`the client tool "${name}" gave a ${typeof given}, which is not JSON`);
    return { result: JSON.parse(json), failed: undefined };
  } catch (thrown) {
    const failed = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { result: { error: failed.message }, failed };
  }
}
