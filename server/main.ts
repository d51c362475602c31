import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { serveDemoSite } from '../demo-site/serve.ts';
import type { ThreadMetadata } from '../protocol/thread.ts';
import { createAnswerApproval } from './agent/approvals/answer-approval.ts';
import { createAskFirst } from './agent/approvals/ask-first.ts';
import { askModel } from './agent/ask-model.ts';
import { createModel } from './agent/create-model.ts';
import { createMcp } from './agent/mcp/mcp.ts';
import { reachMcpServer } from './agent/mcp/reach.ts';
import { createRespond } from './agent/respond.ts';
import { createTranscribe } from './agent/transcribe.ts';
import { createApp } from './app.ts';
import { createAuth } from './auth/auth.ts';
import { createJwks, readKeys } from './auth/jwks.ts';
import { createOperatorCheck } from './auth/operator-token.ts';
import { loadSecretFile } from './auth/secret-file.ts';
import type { SiteTokens } from './auth/site-tokens.ts';
import { createUserTokens } from './auth/user-token.ts';
import { AgentContext } from './chatkit/agents/agent-context.ts';
import { streamAgentResponse } from './chatkit/agents/stream-agent-response.ts';
import { createId } from './chatkit/ids.ts';
import { type Config, readConfig } from './config.ts';
import type { Context, McpServer } from './context.ts';
import { demoSite } from './demo-site-settings.ts';
import { createBlobStore } from './files/blob-store.ts';
import { FileAttachments } from './files/file-attachments.ts';
import { listen } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { createGuardedFetch } from './net/guarded-fetch.ts';
import { openSites } from './open-sites.ts';
import { OpenTurns } from './open-turns.ts';
import { PagewiseServer } from './pagewise-server.ts';
import { operatorChecks } from './routes/operator-checks.ts';
import { loadScripts } from './routes/scripts.ts';
import { scriptTag } from './script-tag.ts';
import type { SiteRegistry } from './sites/registry.ts';
import { createApprovalStore } from './store/approval-store.ts';
import { createAttachmentRecords } from './store/attachment-records.ts';
import { openDatabase } from './store/database.ts';
import { createFeedbackStore } from './store/feedback-store.ts';
import { createThreadStore } from './store/thread-store.ts';
import { createVisitorStore } from './store/visitor-store.ts';
import { look } from './verify/finding.ts';
import { listInsideChecks } from './verify/inside-checks.ts';

const BUILD = join(import.meta.dirname, '..', 'dist');
const DRAIN_MS = 25_000;
/** An answer whose right has ended stops so late, and as late as the caches of `auth/` and `sites/` allow. */
const RECHECK_MS = 15_000;
const SWEEP_MS = 60 * 60 * 1000;

const now = () => new Date();

async function start(config: Config, log: Log): Promise<void> {
  const scripts = await loadScripts(BUILD);
  await mkdir(config.dataDir, { recursive: true });
  const { databaseUrl: url, databaseAuthToken: authToken } = config;
  const db = await openDatabase({ url, ...(authToken !== undefined && { authToken }) });
  const transcribe = createTranscribe(config, log);
  const keySecret = config.keySecret ?? (await loadSecretFile(config.dataDir, 'key-secret'));
  const { sites, tokens, siteTokens, secrets, keys, keptTokens, toolSecrets, toolPins, operator } = await openSites({
    db,
    keySecret,
    publicUrl: config.publicUrl,
    dictation: transcribe !== undefined,
    outboundAllow: config.outboundAllow,
    now: Date.now,
  });
  const outbound = createGuardedFetch({ allow: config.outboundAllow });
  const jwks = createJwks({ fetch: outbound, now: Date.now });
  const turns = new OpenTurns();
  const visitors = createVisitorStore(db);
  const auth = createAuth({
    sites,
    visitors,
    tokens,
    siteTokens,
    userTokens: createUserTokens({ secrets, jwks, now: Date.now }),
    keptTokens,
    turns,
    now: Date.now,
  });
  const operatorToken = config.operatorToken ?? (await loadSecretFile(config.dataDir, 'operator-token'));
  const store = createThreadStore(db);
  const files = new FileAttachments({
    blobs: createBlobStore(join(config.dataDir, 'files')),
    records: createAttachmentRecords(db),
    store,
    createId: () => createId('attachment'),
    publicUrl: config.publicUrl,
    now: Date.now,
  });
  const { description, ...models } = createModel(config);
  for (const { id, settings } of await sites.list())
    if (settings.mcpServers.some(({ auth }) => auth.mode === 'legacy_prompt'))
      log.warn({ code: 'legacy_prompt' }, `the site ${id} shows credentials of its users to the model`);
  const mcp = createMcp({
    guardedFetch: outbound,
    loadSecret: (siteId, server) => toolSecrets.load(siteId, server),
    keepPinned: (siteId, server, tools) => toolPins.keepPinned(siteId, server, tools),
    now: Date.now,
  });
  const approvals = createApprovalStore(db);
  const createAgentContext = (thread: ThreadMetadata, requestContext: Context) =>
    new AgentContext({ thread, store, requestContext, now });
  const respond = createRespond({
    store,
    ...models,
    readAttachment: (context, id, maxBytes) => files.read(context, id, maxBytes),
    mcp,
    askFirst: createAskFirst(approvals),
    createAgentContext,
    streamAgentResponse: (context, run, options) => streamAgentResponse(context, run, { ...options, refusals: true }),
    log,
  });
  const answerApproval = createAnswerApproval({
    approvals,
    store,
    async callTool(call, context) {
      try {
        return await mcp.call(call, context);
      } finally {
        // The answer that follows has a context of its own.
        await mcp.end(context);
      }
    },
    respond,
    createAgentContext,
    log,
  });
  const chatkit = new PagewiseServer({
    store,
    attachmentStore: files,
    respond,
    answerApproval,
    feedback: createFeedbackStore(db),
    transcribe,
    now,
    reportError: (error) => log.error({ err: error }, 'an answer failed'),
  });
  const checks = {
    publicUrl: config.publicUrl,
    checkStorage: () => db.checkWritable(),
    listKeys: () => keys.list(),
    listSites: () => sites.list(),
    countSecrets: async (siteId: string) => (await secrets.list(siteId)).length,
    countIssuerKeys: async (url: string) => (await readKeys(outbound, url)).length,
    reachToolServer: async (siteId: string, server: McpServer) =>
      reachMcpServer(server, { guardedFetch: outbound, secret: await toolSecrets.load(siteId, server.name) }),
    askModel: (name: string | undefined) =>
      askModel(name === undefined ? models.model : (models.named?.(name) ?? models.model)),
    model: description,
  };
  operator.route('/checks', operatorChecks({ list: () => listInsideChecks(checks), look }));
  const app = createApp({
    auth,
    chatkit,
    operator: { routes: operator, check: createOperatorCheck(operatorToken) },
    files,
    turns,
    scripts,
    checkStorage: () => db.checkWritable(),
    log,
  });

  const demo = config.demoPort === 0 ? undefined : await startDemo(config, sites, siteTokens);
  // Last, so that whoever sees the server ready finds the demo site too.
  const closeServer = await listen(app.fetch, config);

  const sweep = async () => {
    await files.sweep().catch((error: unknown) => log.error({ err: error }, 'files were not swept'));
    await visitors
      .dropTokens(Date.now())
      .catch((error: unknown) => log.error({ err: error }, 'user tokens that have run out were not dropped'));
  };
  setInterval(() => void sweep(), SWEEP_MS).unref();
  void sweep();

  const recheck = () =>
    turns.endUnentitled().catch((error: unknown) => log.error({ err: error }, 'open answers were not checked again'));
  setInterval(() => void recheck(), RECHECK_MS).unref();

  let isEnding = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    // A terminal signals the whole group and a parent may pass the signal on: once is enough.
    if (isEnding) return;
    isEnding = true;
    const cut = await turns.drain(DRAIN_MS);
    log.info({ signal, turns: cut }, 'the server ends');
    await Promise.all([closeServer(), demo?.close()]);
    await db.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));

  const lines = [['Chat server', config.publicUrl], ...(demo?.lines ?? []), ['Model', description]];
  console.log(`\n${lines.map(([name = '', value]) => `  ${name.padEnd(14)}${value}`).join('\n')}\n`);
}

/** The demo site on its own port, registered as a site like any other. */
async function startDemo({ host, demoPort, publicUrl }: Config, sites: SiteRegistry, siteTokens: SiteTokens) {
  // Under the names that a browser may call it by: this machine's, and the public one.
  const names = new Set(['localhost', '127.0.0.1', new URL(publicUrl).hostname]);
  const fresh = demoSite([...names].map((name) => `http://${name}:${demoPort}`));
  // What somebody has set since the last start stays; only the port may be another.
  const site = { ...((await sites.load(fresh.id)) ?? fresh), origins: fresh.origins };
  await sites.ensure(site);
  const { token } = await siteTokens.current(site);
  const tag = scriptTag(publicUrl, token);
  const chatOrigin = new URL(publicUrl).origin;
  const demo = await serveDemoSite({ host, port: demoPort, scriptTag: tag, chatOrigin });
  const lines = [
    ['Demo site', demo.url],
    ['Script tag', tag],
  ];
  return { close: () => demo.close(), lines };
}

/** One sentence for what an operator can mend; a stack for a fault of ours. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is in use by another program; set PORT or DEMO_PORT.`;
  return error.constructor === TypeError || error.constructor === ReferenceError
    ? (error.stack ?? error.message)
    : error.message;
}

try {
  const config = readConfig();
  const log = createLog(config.logLevel);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise failed with nobody waiting'));
  await start(config, log);
} catch (error) {
  console.error(`Pagewise cannot start: ${explain(error)}`);
  process.exit(1);
}
