import { sameSecret, sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { GatewayCaller } from '../http/caller.ts';
import type { Request } from '../http/route.ts';
import type { Store } from '../storage/store.ts';
import { readBasicCredentials } from './basic-credentials.ts';

type Presented = Pick<Request<unknown, unknown, unknown>, 'header'>;

/**
 * Knows a gateway by `client_secret_basic`. A gateway that does not exist is refused as slowly as a wrong secret.
 *
 * @throws Fault `client_authentication_failed`
 */
export function createGatewayAuthenticator({ store }: { store: Pick<Store, 'read'> }) {
  return async (presented: Presented): Promise<GatewayCaller> => {
    const credentials = readBasicCredentials(presented.header('authorization'));
    if (credentials === undefined) throw failed();
    const row = await store.read
      .selectFrom('gateways')
      .select(['id', 'secret_hash', 'resources'])
      .where('id', '=', credentials.id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    const matches = sameSecret(sha256(credentials.secret), row?.secret_hash ?? '');
    if (row === undefined || !matches) throw failed();
    return { kind: 'gateway', id: row.id, resources: JSON.parse(row.resources) as string[] };
  };
}

/** RFC 6749 section 5.2: a client that tried a scheme is answered with it. */
function failed(): Fault {
  return new Fault('client_authentication_failed', {
    headers: { 'WWW-Authenticate': 'Basic realm="postern", charset="UTF-8"' },
  });
}
