import { pino } from 'pino';

/** All that a log line may hold besides its message. Bodies, tokens, texts and addresses have no field. */
export interface LogFields {
  err?: unknown;
  code?: string;
  status?: number;
  route?: string;
  signal?: string;
  turns?: number;
}

export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Causes below the first that are worth a line; a chain can be cyclic. */
const MAX_CAUSES = 3;
const MAX_MESSAGE_CHARS = 300;

/** JSON lines on stderr: stdout is for what the operator reads at start. */
export function createLog(level: LogLevel, destination: pino.DestinationStream = pino.destination(2)): Log {
  const serializers = { err: (error: unknown) => describeError(error) };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers }, destination);
  return {
    info: (fields, message) => logger.info(pick(fields), message),
    warn: (fields, message) => logger.warn(pick(fields), message),
    error: (fields, message) => logger.error(pick(fields), message),
  };
}

/** An allowlist at run time too: a caller's object may carry more than its type says. */
function pick({ err, code, status, route, signal, turns }: LogFields): object {
  return { code, status, route, signal, turns, err };
}

function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    type: error.name,
    message: withoutSecrets(error.message).slice(0, MAX_MESSAGE_CHARS),
    ...(typeof code === 'string' && { code }),
    ...(typeof status === 'number' && { status }),
    // The first line of a stack repeats the message.
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Upstreams quote credentials in their errors: keys (`sk-…`), bearer values and signed tokens. */
function withoutSecrets(message: string): string {
  return message.replace(/\bsk-\S+|\bBearer\s+\S+|\beyJ[\w-]+(?:\.[\w-]*)*/gi, '[removed]');
}
