import { destination as pinoDestination, type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from './config.ts';

// Names that hold secrets, wherever in a logged object they stand (three levels down).
const secretNames = [
  'mailServer',
  'authorization',
  'dpop',
  'cookie',
  'set-cookie',
  'token',
  'access_token',
  'subject_token',
  'actor_token',
  'client_attestation',
  'oauth-client-attestation',
  'oauth-client-attestation-pop',
  'postern-gateway',
  'authorization_header',
  'client_assertion',
  'client_secret',
  'clientSecret',
  'device_code',
  'user_code',
  'proof',
  'jws',
  'secret',
  'masterSecret',
  'identifierKey',
  'password',
  'databaseUrl',
];
const redacted = secretNames.flatMap((name) =>
  ['', '*.', '*.*.'].map((above) => `${above}["${name}"]`.replace('.[', '[')),
);

/**
 * The log: one line of JSON for each event, so that text from outside cannot make a line of its own. Secrets are
 * taken out by name; errors keep their kind, message and stack, and nothing that a library hung on them.
 */
export function createLog(
  level: Config['logLevel'],
  destination: DestinationStream = pinoDestination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redacted, censor: '[redacted]' },
      serializers: { err: describeError },
    },
    escaping(destination),
  );
}

/** JSON may hold these as they are (RFC 8259 section 7), but terminals act on the first and programs end lines at the last. */
const acting = /[\u007f-\u009f\u2028\u2029]/g;

/** They can stand within strings only, where an escape is the same text. */
function escaping(destination: DestinationStream): DestinationStream {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return { write: (line) => destination.write(line.replaceAll(acting, escaped)) };
}

interface DescribedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: DescribedError;
}

const maxCauses = 3;

/** PostgreSQL's errors carry whole rows in `detail`, so only named members are taken. */
function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth === maxCauses ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}
