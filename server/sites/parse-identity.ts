import { z } from 'zod';
import { webUrl } from './web-url.ts';

const MAX_CLAIMS = 20;
const MAX_SIGN_IN_HOURS = 24;

/** Names that every object answers to are no claims: they would be looked up on the wrong thing. */
const claim = z
  .string()
  .regex(/^[\w:/.-]{1,100}$/, 'must be the name of a claim')
  .refine((name) => !(name in {}), 'must be the name of a claim');

const proven = {
  issuer: z
    .string()
    .regex(/^\P{C}{1,255}$/u, 'must be the `iss` of the tokens')
    // Kept as it is: two issuers that differ in case or a slash are two.
    .refine((text) => text.trim() === text, 'must not begin or end with a space'),
  requireSignIn: z.boolean().default(false),
  signInUrl: webUrl('must be an http or https URL').optional(),
  directUserToken: z.boolean().default(false),
  claims: z.array(claim).max(MAX_CLAIMS).default([]),
  signInHours: z.number().positive().max(MAX_SIGN_IN_HOURS).default(MAX_SIGN_IN_HOURS),
};

/** The setting `identity`: how the users of a site are proven. See `SiteIdentity`. */
export const identity = z
  .discriminatedUnion('mode', [
    z.object({ mode: z.literal('none') }),
    z.object({
      mode: z.literal('jwks'),
      // What may be called is the operator's to say (`OUTBOUND_ALLOW`): looked at when it is set, and at each call.
      jwksUrl: webUrl('must be an https URL without a user name'),
      ...proven,
    }),
    z.object({ mode: z.literal('secret'), ...proven }),
  ])
  .default({ mode: 'none' });
