import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { LogLevel } from './log.ts';

export interface Config {
  port: number;
  /** 0: no demo site. */
  demoPort: number;
  host: string;
  /** Without a slash at the end. */
  publicUrl: string;
  dataDir: string;
  databaseUrl: string;
  databaseAuthToken: string | undefined;
  openaiApiKey: string | undefined;
  openaiBaseUrl: string | undefined;
  model: string | undefined;
  /** Which API the endpoint of the model speaks. */
  modelApi: 'responses' | 'chat_completions';
  /** For dictation, at the same endpoint. */
  transcribeModel: string | undefined;
  keySecret: string | undefined;
  /** Opens `/v1/operator`; without it one is made in the data directory. */
  operatorToken: string | undefined;
  /** `host:port` of what may be called though it is private, without TLS or on another port. */
  outboundAllow: string[];
  logLevel: LogLevel;
}

/** The environment is wrong; the message names every variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const MIN_SECRET_CHARS = 32;
const MIN_DIFFERENT_CHARS = 8;

// An empty variable counts as unset: that is what `PORT= npm start` and compose files with defaults mean.
const text = z.preprocess((value) => (value === '' ? undefined : value), z.string().trim().optional());
const port = (fallback: number, min: number) =>
  text
    .transform((value) => (value === undefined ? fallback : Number(value)))
    .pipe(
      z.int(`is a whole number from ${min} to 65535`).min(min, `is at least ${min}`).max(65_535, 'is at most 65535'),
    );
const httpUrl = text.refine((value) => value === undefined || isHttpUrl(value), 'is an http or https URL');

const environment = z.object({
  PORT: port(8787, 1),
  DEMO_PORT: port(8788, 0),
  HOST: text.transform((value) => value ?? '127.0.0.1'),
  PUBLIC_URL: httpUrl,
  DATA_DIR: text.transform((value) => value ?? 'data'),
  DATABASE_URL: text.refine(
    (value) => value === undefined || /^(file|libsql|https?|wss?):/.test(value),
    'begins with file:, libsql:, https: or wss:',
  ),
  DATABASE_AUTH_TOKEN: text,
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: httpUrl,
  MODEL: text,
  MODEL_API: text.transform((value) => value ?? 'responses').pipe(z.enum(['responses', 'chat_completions'])),
  TRANSCRIBE_MODEL: text,
  KEY_SECRET: text,
  OPERATOR_TOKEN: text.refine(
    (value) => value === undefined || /^[\w.~+/-]+=*$/.test(value),
    'is sent as Bearer, so it has letters, digits and -._~+/ alone',
  ),
  OUTBOUND_ALLOW: text.transform((value, context) =>
    (value?.split(',') ?? []).map((entry) => {
      const destination = parseDestination(entry.trim());
      if (destination === undefined) context.addIssue('is a list of host:port with commas between them');
      return destination ?? '';
    }),
  ),
  LOG_LEVEL: text
    .transform((value) => value ?? 'info')
    .pipe(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])),
});

/**
 * Reads the environment: the only place that does. Throws `ConfigError`. In production (an https address or a remote
 * database) a weak or missing `KEY_SECRET` is refused: the signing keys in the database would lie open. So is a weak
 * `OPERATOR_TOKEN`.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
  const { data } = parsed;
  if (data.DEMO_PORT === data.PORT) throw new ConfigError('DEMO_PORT is the same as PORT: the demo site has its own');
  const publicUrl = new URL(data.PUBLIC_URL ?? `http://localhost:${data.PORT}`).href.replace(/\/+$/, '');
  const databaseUrl = data.DATABASE_URL ?? pathToFileURL(join(data.DATA_DIR, 'pagewise.db')).href;
  const isProduction = publicUrl.startsWith('https:') || !databaseUrl.startsWith('file:');
  if (isProduction && !isStrong(data.KEY_SECRET ?? ''))
    throw new ConfigError(
      `KEY_SECRET has at least ${MIN_SECRET_CHARS} random characters when PUBLIC_URL is https or the database is ` +
        'remote: take those of `openssl rand -base64 32`',
    );
  if (isProduction && data.OPERATOR_TOKEN !== undefined && !isStrong(data.OPERATOR_TOKEN))
    throw new ConfigError(
      `OPERATOR_TOKEN has at least ${MIN_SECRET_CHARS} random characters, or is left out: then one is made in DATA_DIR`,
    );
  return {
    port: data.PORT,
    demoPort: data.DEMO_PORT,
    host: data.HOST,
    publicUrl,
    dataDir: data.DATA_DIR,
    databaseUrl,
    databaseAuthToken: data.DATABASE_AUTH_TOKEN,
    openaiApiKey: data.OPENAI_API_KEY,
    openaiBaseUrl: data.OPENAI_BASE_URL,
    model: data.MODEL,
    modelApi: data.MODEL_API,
    transcribeModel: data.TRANSCRIBE_MODEL,
    keySecret: data.KEY_SECRET,
    operatorToken: data.OPERATOR_TOKEN,
    outboundAllow: data.OUTBOUND_ALLOW,
    logLevel: data.LOG_LEVEL,
  };
}

/** Length alone lets `xxxx…` and `secretsecret…` through; 32 random hex digits hold 8 different ones but once in 10⁷. */
function isStrong(secret: string): boolean {
  return secret.length >= MIN_SECRET_CHARS && new Set(secret).size >= MIN_DIFFERENT_CHARS;
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** Written as a URL has it, because that is what it is compared with: `LOCALHOST:08080` is `localhost:8080`. */
function parseDestination(entry: string): string | undefined {
  const [, host = '', digits = ''] = /^([^/?#@*\\\s]+):(\d{1,5})$/.exec(entry) ?? [];
  // `a:1:2` would be a host with a port that nobody meant.
  const url = URL.parse(`http://${host}`);
  const number = Number(digits);
  if (!url || /:\d*$/.test(host) || number < 1 || number > 65_535) return undefined;
  return `${url.hostname}:${number}`;
}
