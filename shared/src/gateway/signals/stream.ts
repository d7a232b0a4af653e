import { z } from 'zod';
import { pollMethod, supportedSignals } from '../../protocol/signal.ts';
import type { Clock } from '../../time.ts';
import type { BackendAnswer, BackendClient } from '../backend-client.ts';
import { createKeySet, type KeySet } from '../key-set.ts';

/** The stream that a gateway polls. */
export interface Stream {
  id: string;
  /** `aud` of its SETs. */
  audience: string;
  /** Below the address of the backend. */
  pollPath: string;
  /** The keys of its SETs: they sign no access tokens. */
  keys: KeySet;
}

/** The transmitter answers, and will not serve us. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
}

const streamSchema = z.looseObject({
  stream_id: z.string().min(1).max(128),
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string()).length(1)]),
  delivery: z.looseObject({ method: z.string(), endpoint_url: z.string().optional() }),
});
const streamsSchema = z.union([z.array(streamSchema), streamSchema.transform((one) => [one])]);
const transmitterSchema = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });
const statusSchema = z.looseObject({ status: z.string() });

/**
 * Finds the stream of this gateway (SSF section 8.1.1), makes it where there is none, and starts it where it stands still.
 *
 * @throws StreamRefused; Unavailable
 */
export async function openStream(
  backend: BackendClient,
  issuer: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Stream> {
  const call = (method: string, path: string, body?: unknown) =>
    backend.ask(path, {
      method,
      signal,
      unlimited: true,
      headers: { authorization: backend.basic ?? '', 'content-type': 'application/json', accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const transmitter = read(await call('GET', '/.well-known/ssf-configuration'), transmitterSchema);
  const keysPath = pathBelow(issuer, transmitter.jwks_uri);
  if (transmitter.issuer !== issuer || keysPath === undefined)
    throw new StreamRefused('Postern names another issuer of signals, or keys of signals elsewhere.');
  const [found] = read(await call('GET', '/ssf/streams'), streamsSchema);
  const wish = { events_requested: supportedSignals, delivery: { method: pollMethod } };
  const stream = found ?? read(await call('POST', '/ssf/streams', wish), streamSchema);
  if (stream.iss !== issuer) throw new StreamRefused('The stream is of another issuer.');
  if (stream.delivery.method !== pollMethod)
    throw new StreamRefused('The stream of this gateway is pushed elsewhere. Give the library a gateway of its own.');
  const id = stream.stream_id;
  const { status } = read(await call('GET', `/ssf/status?stream_id=${encodeURIComponent(id)}`), statusSchema);
  if (status !== 'enabled') read(await call('POST', '/ssf/status', { stream_id: id, status: 'enabled' }), statusSchema);
  return {
    id,
    audience: [stream.aud].flat()[0] ?? '',
    pollPath: pathBelow(issuer, stream.delivery.endpoint_url) ?? '/ssf/poll',
    keys: createKeySet(backend, keysPath, clock),
  };
}

function read<Value>({ status, text }: BackendAnswer, schema: z.ZodType<Value>): Value {
  if (status >= 300) throw new StreamRefused(`Postern answered with status ${status}.`);
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StreamRefused('Postern described the stream in another way than SSF 1.0.', { cause });
  }
}

/** Nobody but the backend is asked, whatever it says: credentials go to it alone, and keys are its own. */
function pathBelow(issuer: string, address: string | undefined): string | undefined {
  const prefix = `${issuer.replace(/\/$/, '')}/`;
  return address?.startsWith(prefix) === true ? address.slice(prefix.length - 1) : undefined;
}
