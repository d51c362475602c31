import type { Context } from '../../context.ts';
import type { GuardedFetch } from '../../net/guarded-fetch.ts';
import { type CallMcpTool, createCallMcpTool } from './call.ts';
import { createConnections } from './connections.ts';
import { createCredentialSource } from './credentials.ts';
import { type ExposedCredentials, readExposed } from './exposed-credentials.ts';
import { createOffers, type Offers, type OffersDeps } from './offers.ts';
import { createTokenExchange } from './token-exchange.ts';

/** The tools of sites' own servers: what is offered, what a call says, and the end of it. */
export interface Mcp {
  offers: Offers;
  call: CallMcpTool;
  /** What the model has to be shown for servers that know nothing else. */
  exposed(context: Context): Promise<ExposedCredentials>;
  /** Ends what was opened for this request. */
  end(context: Context): Promise<void>;
}

export interface McpDeps extends Pick<OffersDeps, 'keepPinned' | 'now'> {
  guardedFetch: GuardedFetch;
  /** What the owner has set for this server of the site: the credential of `service`, or the secret of `token_exchange`. */
  loadSecret: (siteId: string, server: string) => Promise<string | undefined>;
}

export function createMcp({ guardedFetch, loadSecret, keepPinned, now }: McpDeps): Mcp {
  const exchange = createTokenExchange({ guardedFetch, loadSecret, now });
  const credentials = createCredentialSource({ loadSecret, exchange, now });
  const connections = createConnections({ guardedFetch, credentials });
  const offers = createOffers({ connections, keepPinned, now });
  return {
    offers,
    call: createCallMcpTool({ connections, offers }),
    exposed: (context) => readExposed(credentials, context),
    end: (context) => connections.end(context),
  };
}
