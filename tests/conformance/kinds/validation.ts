import { z } from 'zod';
import { ChatKitError } from '../../../server/chatkit/errors.ts';
import { parseRequest } from '../../../server/chatkit/parse-request.ts';
import type { JsonObject } from '../golden.ts';
import { readScript } from '../read-script.ts';

const VALIDATION = z.looseObject({
  cases: z.array(z.strictObject({ case: z.string(), request: z.json(), accepted: z.boolean() })),
});

/** Which of the requests are accepted. */
export async function observeValidation(golden: JsonObject): Promise<JsonObject> {
  const { cases } = readScript(VALIDATION, golden);
  return { cases: cases.map((entry) => Object.assign(entry, { accepted: isAccepted(entry.request) })) };
}

function isAccepted(request: unknown): boolean {
  try {
    parseRequest(request);
    return true;
  } catch (error) {
    // Anything else is no verdict about the request but a fault.
    if (error instanceof ChatKitError) return false;
    throw error;
  }
}
