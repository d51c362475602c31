import { createToolPins } from './agent/mcp/tool-pins.ts';
import { createKeptTokens } from './auth/kept-tokens.ts';
import { openKeyRing } from './auth/keys.ts';
import { createKeyRotation } from './auth/rotate-keys.ts';
import { createSiteSecrets } from './auth/site-secrets.ts';
import { createSiteTokens } from './auth/site-tokens.ts';
import { createTokens } from './auth/tokens.ts';
import { createToolSecrets } from './auth/tool-secrets.ts';
import { ATTACHMENT_LIMITS } from './files/attachment-limits.ts';
import { isCallable } from './net/guarded-fetch.ts';
import { operatorRoutes } from './routes/operator.ts';
import { operatorToolsRoutes } from './routes/operator-tools.ts';
import { scriptTag } from './script-tag.ts';
import { createSiteRegistry } from './sites/registry.ts';
import type { Database } from './store/database.ts';
import { createKeyStore } from './store/key-store.ts';
import { createSecretStore } from './store/secret-store.ts';
import { createSiteStore } from './store/site-store.ts';
import { createSiteTokenStore } from './store/site-token-store.ts';
import { createToolSecretStore } from './store/tool-secret-store.ts';
import { createToolStore } from './store/tool-store.ts';
import { createVisitorStore } from './store/visitor-store.ts';

export interface OpenSitesOptions {
  db: Database;
  /** `KEY_SECRET`, or what `loadSecretFile` made. */
  keySecret: string;
  /** Without a slash at its end: the `iss` of our tokens. */
  publicUrl: string;
  dictation: boolean;
  /** `OUTBOUND_ALLOW`. */
  outboundAllow: string[];
  /** Milliseconds. */
  now: () => number;
}

/** Sites, their tokens and our keys on one database, for the server and the command alike, and what operates them. */
export async function openSites({ db, keySecret, publicUrl, dictation, outboundAllow, now }: OpenSitesOptions) {
  const keyStore = createKeyStore(db);
  const ring = await openKeyRing(keyStore, keySecret, now);
  const tokens = createTokens({ keys: ring, issuer: publicUrl, now });
  const siteTokens = createSiteTokens({ store: createSiteTokenStore(db), tokens, now });
  const sites = createSiteRegistry({ store: createSiteStore(db), attachments: ATTACHMENT_LIMITS, dictation, now });
  const secrets = createSiteSecrets({ store: createSecretStore(db), keySecret, now });
  const keys = createKeyRotation({ store: keyStore, ring, secret: keySecret, now });
  const keptTokens = createKeptTokens({ visitors: createVisitorStore(db), keySecret, now });
  const toolSecrets = createToolSecrets({ store: createToolSecretStore(db), keySecret, now });
  const toolPins = createToolPins({ store: createToolStore(db), now });
  const operator = operatorRoutes({
    sites,
    siteTokens,
    secrets,
    keys,
    scriptTag: (token) => scriptTag(publicUrl, token),
    isCallable: (url) => isCallable(url, outboundAllow),
  });
  operator.route('/', operatorToolsRoutes({ sites, pins: toolPins, secrets: toolSecrets }));
  return { sites, tokens, siteTokens, secrets, keys, keptTokens, toolSecrets, toolPins, operator };
}
