import { z } from 'zod';
import { webUrl } from './web-url.ts';

const MAX_SERVERS = 8;
const MAX_NAMES = 64;
const MAX_VALUES = 16;

const MUST = 'must be an https URL without a user name';
const url = webUrl(MUST).refine((text) => URL.parse(text)?.hash === '', MUST);

/** Names that every object answers to would be looked up on the wrong thing. */
const name = z
  .string()
  .regex(/^[\w./-]{1,128}$/, 'must be a name')
  .refine((text) => !(text in {}), 'must be a name');

const text = z.string().regex(/^\P{C}{1,1000}$/u, 'must be one line');

/** Headers that make the request what it is, or that a client may not set. */
const TAKEN =
  /^(?:accept|connection|content-.*|cookie|expect|host|keep-alive|last-event-id|mcp-.*|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;
const header = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be the name of a header')
  .refine((text) => !TAKEN.test(text), 'must be a header that carries a credential');

const source = z
  .string()
  .regex(/^(?:user_id|user_token|claim:[\w:/.-]{1,100})$/, 'must be user_id, user_token or claim:NAME')
  .refine((text) => !(text.replace(/^claim:/, '') in {}), 'must be user_id, user_token or claim:NAME');
const sources = z
  .record(name, source)
  .refine((values) => Object.keys(values).length > 0, 'must have a name')
  .refine((values) => Object.keys(values).length <= MAX_VALUES, 'has too many names');

const auth = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none') }),
  z.strictObject({ mode: z.literal('service'), header: header.default('authorization') }),
  z.strictObject({
    mode: z.literal('user_header'),
    audience: text.exactOptional(),
    allowForeignAudience: z.boolean().exactOptional(),
  }),
  z.strictObject({
    mode: z.literal('token_exchange'),
    // What may be called is the operator's to say: looked at when it is set, and at each call.
    tokenUrl: url,
    resource: text.exactOptional(),
    audience: text.exactOptional(),
    scope: text.exactOptional(),
    clientId: text.exactOptional(),
  }),
  z.strictObject({ mode: z.literal('inject_args'), args: sources }),
  z.strictObject({ mode: z.literal('meta'), meta: sources }),
  z.strictObject({
    mode: z.literal('legacy_prompt'),
    args: sources,
    dangerouslyExposeCredentialsToModel: z.literal(true, 'must be true: this mode shows credentials to the model'),
  }),
]);

/**
 * The setting `mcpServers`: see `McpServer`. A field that there is not is refused, because a server that starts a
 * program (`command`) or a misspelt list of tools would else be taken for something else than was meant.
 */
export const mcpServers = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 small letters, digits and -'),
      url,
      auth: auth.default({ mode: 'user_header' }),
      tools: z.array(name).max(MAX_NAMES).exactOptional(),
      readTools: z.array(name).max(MAX_NAMES).exactOptional(),
    }),
  )
  .max(MAX_SERVERS)
  .refine((servers) => new Set(servers.map((server) => server.name)).size === servers.length, 'must differ in name')
  .default([]);
