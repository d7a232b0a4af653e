import { Fault } from '@postern/shared/protocol/errors';
import type { Deps } from '../../deps.ts';
import { pollDeviceCode } from '../../device-codes/index.ts';
import { spentDeviceCode } from '../spent.ts';
import type { Authorization, GrantType } from './grant-type.ts';
import { required } from './required.ts';

/** RFC 8628 section 3.4: the owner of the device said on another screen that they are at it, for this resource. */
export function deviceCode({ store }: Pick<Deps, 'store'>): GrantType {
  return {
    name: 'urn:ietf:params:oauth:grant-type:device_code',
    fromFacts: false,
    errors: [
      'malformed_request',
      'authorization_pending',
      'slow_down',
      'code_denied',
      'code_expired',
      'subject_not_owner',
      'resource_differs',
    ],
    async authorize({ body, facts, attempt: { now } }): Promise<Authorization> {
      const asked = { deviceCode: required(body, 'device_code'), deviceId: facts.id };
      const {
        hash,
        owner_id: id,
        resource,
        authenticated_at: authenticatedAt,
      } = await pollDeviceCode({ store }, asked, now);
      if (id !== facts.owner.id) throw new Fault('subject_not_owner');
      if (resource === null || (body.resource !== undefined && body.resource !== resource))
        throw new Fault('resource_differs');
      return {
        // The code is used once. What they said with it has no end of its own.
        subject: { kind: 'person', id, authenticatedAt: authenticatedAt ?? 0, until: Infinity, shown: 'device-code' },
        resource,
        uses: [spentDeviceCode(hash)],
        answer: {},
      };
    },
  };
}
