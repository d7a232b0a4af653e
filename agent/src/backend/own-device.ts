import { mostAsked, type OwnDevice, ownDeviceSchema } from '@postern/shared/protocol/device';
import { proverOf, type Session } from './session.ts';

/**
 * `GET /v1/device`: what the backend has of this device. It says which attestation came last only when this device names
 * it, so the ones that may have arrived are named, newest first.
 *
 * @throws BackendRefusal @throws BackendUnreachable
 */
export function readOwnDevice(session: Session): Promise<OwnDevice> {
  const { prev, unacknowledged } = session.state;
  const known = prev === null ? [] : [prev];
  const sent = [...known, ...unacknowledged.map(({ hash }) => hash).toReversed()].slice(0, mostAsked);
  return session.backend.call({
    method: 'GET',
    path: '/v1/device',
    ...(sent.length === 0 ? {} : { query: `sent=${sent.join(',')}` }),
    answer: ownDeviceSchema,
    prover: proverOf(session),
  });
}
