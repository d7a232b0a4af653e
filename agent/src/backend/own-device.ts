import { type OwnDevice, ownDeviceSchema } from '@postern/shared/protocol/device';
import { proverOf, type Session } from './session.ts';

/** `GET /v1/device`: what the backend has of this device. @throws BackendRefusal @throws BackendUnreachable */
export function readOwnDevice(session: Session): Promise<OwnDevice> {
  return session.backend.call({
    method: 'GET',
    path: '/v1/device',
    answer: ownDeviceSchema,
    prover: proverOf(session),
  });
}
