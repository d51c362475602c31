import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../server/app.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { createOperatorCheck } from '../../server/auth/operator-token.ts';
import { createUserTokens } from '../../server/auth/user-token.ts';
import { createId } from '../../server/chatkit/ids.ts';
import { createBlobStore } from '../../server/files/blob-store.ts';
import { FileAttachments } from '../../server/files/file-attachments.ts';
import type { LogFields } from '../../server/log.ts';
import { openSites } from '../../server/open-sites.ts';
import { OpenTurns } from '../../server/open-turns.ts';
import { PagewiseServer, type PagewiseServerDeps } from '../../server/pagewise-server.ts';
import { operatorChecks } from '../../server/routes/operator-checks.ts';
import { createAttachmentRecords } from '../../server/store/attachment-records.ts';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { createFeedbackStore } from '../../server/store/feedback-store.ts';
import { createThreadStore } from '../../server/store/thread-store.ts';
import { createVisitorStore } from '../../server/store/visitor-store.ts';
import { look } from '../../server/verify/finding.ts';
import { makeSite, NO_KEYS, ORIGIN } from './auth/make-auth.ts';

export const PUBLIC_URL = 'http://localhost:8787';
export const OPERATOR_TOKEN = 'the-token-of-the-operator-of-the-tests';

/** The whole server on a database file of its own, but for the agent, which a test writes, and the port. */
export async function makeApp(
  respond: PagewiseServerDeps['respond'],
  transcribe?: PagewiseServerDeps['transcribe'],
  watch = (db: Database): Database => db,
) {
  const directory = await mkdtemp(join(tmpdir(), 'pagewise-app-'));
  const db = watch(await openDatabase({ url: `file:${join(directory, 'test.db')}` }));
  const { sites, tokens, siteTokens, secrets, keptTokens, toolSecrets, toolPins, operator } = await openSites({
    db,
    keySecret: 'a secret of the tests, long enough',
    publicUrl: PUBLIC_URL,
    dictation: transcribe !== undefined,
    outboundAllow: ['localhost:9443'],
    now: Date.now,
  });
  operator.route('/checks', operatorChecks({ list: async () => [], look }));
  const site = makeSite();
  await sites.ensure(site);
  const turns = new OpenTurns();
  const auth = createAuth({
    sites,
    visitors: createVisitorStore(db),
    tokens,
    siteTokens,
    userTokens: createUserTokens({ secrets, jwks: NO_KEYS, now: Date.now }),
    keptTokens,
    turns,
    now: Date.now,
  });
  const logged: { fields: LogFields; message: string }[] = [];
  const note = (fields: LogFields, message: string) => void logged.push({ fields, message });
  /** What a test sets makes every write, and readiness, fail with it. */
  const disk: { failure?: Error } = {};
  const store = createThreadStore(db);
  /** A test turns it on, in milliseconds. */
  const clock = { ahead: 0 };
  const filesDirectory = join(directory, 'files');
  const files = new FileAttachments({
    blobs: createBlobStore(filesDirectory),
    records: createAttachmentRecords(db),
    store,
    createId: () => createId('attachment'),
    publicUrl: PUBLIC_URL,
    now: () => Date.now() + clock.ahead,
  });
  const refuse = (): void => {
    if (disk.failure) throw disk.failure;
  };
  const app = createApp({
    auth,
    chatkit: new PagewiseServer({
      store: {
        ...store,
        async createThread(...args) {
          refuse();
          return store.createThread(...args);
        },
      },
      attachmentStore: files,
      respond,
      feedback: createFeedbackStore(db),
      transcribe,
      now: () => new Date(),
      reportError: (error) => note({ err: error }, 'an answer failed'),
    }),
    operator: { routes: operator, check: createOperatorCheck(OPERATOR_TOKEN) },
    files,
    turns,
    scripts: new Map(),
    checkStorage: async () => {
      refuse();
      await db.checkWritable();
    },
    log: { info: note, warn: note, error: note },
  });
  const { token: siteToken } = await siteTokens.issue(site);
  const post = (path: string, token: string | undefined, body: unknown, headers: Record<string, string> = {}) =>
    Promise.resolve(
      app.request(path, {
        method: 'POST',
        headers: { origin: ORIGIN, ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
        body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
      }),
    );
  const session = async (): Promise<string> => {
    const response = await post('/v1/session', siteToken, {});
    return ((await response.json()) as { session_token: string }).session_token;
  };
  return {
    app,
    auth,
    sites,
    siteTokens,
    secrets,
    toolSecrets,
    toolPins,
    turns,
    disk,
    files,
    filesDirectory,
    clock,
    db,
    logged,
    siteToken,
    post,
    session,
    /** A function that asks as one new visitor. */
    async visitor() {
      const token = await session();
      return (body: unknown, headers: Record<string, string> = {}) => post('/chatkit', token, body, headers);
    },
    async close() {
      await db.close();
      await rm(directory, { recursive: true });
    },
  };
}
