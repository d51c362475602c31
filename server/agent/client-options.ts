import type { ClientOptions } from 'openai';

export interface Endpoint {
  openaiApiKey?: string | undefined;
  /** OpenAI's own without it. */
  openaiBaseUrl?: string | undefined;
}

/** How a client of this endpoint is made: nothing of it is global, so two can live side by side. */
export function clientOptions({ openaiApiKey, openaiBaseUrl }: Endpoint): ClientOptions {
  return {
    // Local endpoints need no key, but the client insists on one.
    apiKey: openaiApiKey ?? 'none',
    // Explicit, because the client would otherwise read it, the organisation and the project from the environment.
    baseURL: openaiBaseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    // We retry: its own waits can outlast our deadlines, and it does not know a stream that broke before its first token.
    maxRetries: 0,
  };
}
