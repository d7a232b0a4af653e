import { jwtVerify } from 'jose';
import { openCompactJws } from '../../jws/compact-jws.ts';
import { securityEventType } from '../../protocol/signal.ts';
import type { Instant } from '../../time.ts';
import type { Algorithm, KeySet } from '../key-set.ts';
import { type Signal, signalSchema } from './read-signal.ts';

/** Why a SET is not taken: an error code of RFC 8935 section 2.4. */
export class SetRefused extends Error {
  readonly err: 'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience';

  constructor(err: SetRefused['err'], description: string, cause?: unknown) {
    super(description, { cause });
    this.name = 'SetRefused';
    this.err = err;
  }
}

const maxLength = 16_384;

export interface SetExpected {
  issuer: string;
  audience: string;
  algorithms: readonly Algorithm[];
  /** The name under which it came. */
  jti: string;
}

/**
 * Checks a Security Event Token (RFC 8417) by the keys of the transmitter.
 *
 * @throws SetRefused; Unavailable when the keys are not known
 */
export async function verifySet(text: string, expected: SetExpected, keys: KeySet, now: Instant): Promise<Signal> {
  const set = openCompactJws(text, maxLength);
  const algorithm = expected.algorithms.find((each) => each === set?.header['alg']);
  // RFC 8417 section 2.3: the type keeps a SET from being taken for another JWT.
  if (set?.header['typ'] !== securityEventType) throw new SetRefused('invalid_request', 'It is no secevent+jwt.');
  if (algorithm === undefined) throw new SetRefused('invalid_key', 'Its algorithm is not one that is accepted.');
  const key = await keys.find(set.header['kid'], algorithm);
  if (key === undefined) throw new SetRefused('invalid_key', 'Its key is not one of the issuer.');
  try {
    await jwtVerify(text, key, { algorithms: [algorithm], currentDate: new Date(now), clockTolerance: 60 });
  } catch (cause) {
    throw new SetRefused('invalid_key', 'Its signature does not hold.', cause);
  }
  const { payload } = set;
  if (payload['iss'] !== expected.issuer) throw new SetRefused('invalid_issuer', 'It is of another issuer.');
  const audiences = [payload['aud']].flat();
  if (!audiences.includes(expected.audience)) throw new SetRefused('invalid_audience', 'It is for another receiver.');
  // SSF section 11.1: neither may be there, so that no JWT library takes it for an access token.
  if (Object.hasOwn(payload, 'sub') || Object.hasOwn(payload, 'exp'))
    throw new SetRefused('invalid_request', 'It has sub or exp, which a SET must not have.');
  const signal = signalSchema.safeParse(payload).data;
  if (signal === undefined || Object.keys(signal.events).length !== 1)
    throw new SetRefused('invalid_request', 'It is not one event about one subject.');
  if (signal.jti !== expected.jti) throw new SetRefused('invalid_request', 'It came under another jti.');
  return signal;
}
