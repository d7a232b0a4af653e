import { sameSecret, sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { Store } from '../storage/store.ts';
import { resourceEpoch } from './resources.ts';

export interface Credentials {
  id: string;
  secret: string;
}

/** A gateway that showed its secret, as it was known when the gateways were read last. Act on it only once it is confirmed. */
export interface Recognised {
  id: string;
  resources: readonly string[];
  /** Of the gateways as they were read then. */
  epoch: string;
  secretHash: string;
}

/**
 * The gateways, kept in memory for as long as their epoch stands. Whoever reads something anyway reads the epoch with
 * it, so that knowing the gateway costs no read of its own, and one that was removed is refused at once all the same.
 */
export interface KnownGateways {
  /** @throws Fault `client_authentication_failed` */
  recognise(credentials: Credentials | undefined): Promise<Recognised>;
  /**
   * @param epoch as it was read after the gateway was recognised; null: it is read now
   * @throws Fault `client_authentication_failed` when the gateway was removed meanwhile
   */
  confirm(recognised: Recognised, epoch: string | null): Promise<void>;
}

interface Known {
  epoch: string;
  gateways: ReadonlyMap<string, Omit<Recognised, 'epoch'>>;
}

export function createKnownGateways(store: Pick<Store, 'read'>): KnownGateways {
  let known: Known = { epoch: '', gateways: new Map() };

  /** A gateway that does not exist is refused as slowly as a wrong secret. */
  function find(id: string, secretHash: string): Recognised | undefined {
    const gateway = known.gateways.get(id);
    const matches = sameSecret(secretHash, gateway?.secretHash ?? '');
    return gateway === undefined || !matches ? undefined : { ...gateway, epoch: known.epoch };
  }

  async function findAfresh(id: string, secretHash: string): Promise<Recognised> {
    known = await readGateways(store.read);
    const found = find(id, secretHash);
    if (found === undefined) throw failed();
    return found;
  }

  return {
    async recognise(credentials) {
      if (credentials === undefined) throw failed();
      const secretHash = sha256(credentials.secret);
      return find(credentials.id, secretHash) ?? findAfresh(credentials.id, secretHash);
    },
    async confirm({ id, secretHash, epoch: before }, epoch) {
      if (epoch !== before) await findAfresh(id, secretHash);
    },
  };
}

async function readGateways(read: Store['read']): Promise<Known> {
  const rows = await read
    .selectFrom('gateways')
    .select(['id', 'secret_hash', 'resources', 'removed_at', resourceEpoch.as('epoch')])
    .execute();
  const inForce = rows.filter((row) => row.removed_at === null);
  return {
    epoch: rows[0]?.epoch ?? '',
    gateways: new Map(
      inForce.map(({ id, secret_hash: secretHash, resources }) => [
        id,
        { id, secretHash, resources: JSON.parse(resources) as string[] },
      ]),
    ),
  };
}

/** RFC 6749 section 5.2: a client that tried a scheme is answered with it. */
function failed(): Fault {
  return new Fault('client_authentication_failed', {
    headers: { 'WWW-Authenticate': 'Basic realm="postern", charset="UTF-8"' },
  });
}
