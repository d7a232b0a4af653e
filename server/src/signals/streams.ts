import { toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import {
  type DeliveryWish,
  type NewStream,
  pushMethod,
  type StreamChange,
  type StreamConfiguration,
  supportedSignals,
} from '@postern/shared/protocol/signal';
import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { deleteAny, deleteOne, insert, updateOne } from '../storage/change.ts';
import { changeStreams, streamEvent } from './change-streams.ts';
import { pushEndpoint } from './endpoint.ts';
import { streamConfiguration, type StreamRow } from './stream-view.ts';
import { createStreamVault } from './vault.ts';

export type StreamDeps = Pick<Deps, 'store' | 'random'> & {
  config: Pick<Deps['config'], 'issuer' | 'masterSecret' | 'webhookHosts'>;
};

/** The stream of a gateway, or undefined. */
export async function findStream({ store }: Pick<Deps, 'store'>, gatewayId: string): Promise<StreamRow | undefined> {
  return await store.read.selectFrom('ssf_streams').selectAll().where('gateway_id', '=', gatewayId).executeTakeFirst();
}

/** @throws Fault not_found: also for a stream of somebody else */
export async function readStream(deps: Pick<Deps, 'store'>, gatewayId: string, id: string): Promise<StreamRow> {
  const row = await findStream(deps, gatewayId);
  if (row === undefined || row.id !== id) throw new Fault('not_found');
  return row;
}

/** @throws Fault stream_exists, stream_address_refused, conflict */
export async function createStream(
  deps: StreamDeps,
  gatewayId: string,
  wish: NewStream,
  now: Instant,
): Promise<StreamConfiguration> {
  const id = toId('stream', deps.random.uuid());
  const target = await targetOf(deps, id, wish.delivery, undefined);
  return await changeStreams(deps, async () => {
    if ((await findStream(deps, gatewayId)) !== undefined) throw new Fault('stream_exists');
    const row: StreamRow = {
      id,
      gateway_id: gatewayId,
      description: wish.description ?? null,
      ...target,
      events_requested: JSON.stringify(known(wish.events_requested)),
      status: 'enabled',
      status_reason: null,
      created_at: now,
      verified_at: null,
      failing_since: null,
      attempts: 0,
      next_at: now,
      delivered_at: null,
      last_error: null,
      version: 1,
    };
    const audit = [streamEvent('stream.created', id, gateway(gatewayId), auditData(row), now)];
    const unit = { changes: [insert('ssf_streams', row)], audit, looksThrough: true };
    return { unit, result: streamConfiguration(row, deps.config.issuer) };
  });
}

/**
 * Changes what is given, or replaces all that is the receiver's to say (SSF sections 8.1.1.3 and 8.1.1.4).
 *
 * @throws Fault not_found, malformed_request, stream_address_refused, conflict
 */
export async function changeStream(
  deps: StreamDeps,
  gatewayId: string,
  wish: StreamChange,
  how: 'update' | 'replace',
  now: Instant,
): Promise<StreamConfiguration> {
  return await changeStreams(deps, async () => {
    const before = await readStream(deps, gatewayId, wish.stream_id);
    refuseOther(wish, streamConfiguration(before, deps.config.issuer));
    const isWhole = how === 'replace';
    const target = wish.delivery !== undefined || isWhole ? await targetOf(deps, before.id, wish.delivery, before) : {};
    const set = {
      ...target,
      ...(wish.events_requested !== undefined || isWhole
        ? { events_requested: JSON.stringify(known(wish.events_requested)) }
        : {}),
      ...(wish.description !== undefined || isWhole ? { description: wish.description ?? null } : {}),
      // Somebody looked at it: whatever held delivery back is not waited for.
      attempts: 0,
      next_at: now,
      failing_since: null,
      last_error: null,
      version: before.version + 1,
    };
    const after = { ...before, ...set };
    const guard = { id: before.id, version: before.version };
    const audit = [streamEvent('stream.changed', before.id, gateway(gatewayId), auditData(after), now)];
    const unit = { changes: [updateOne('ssf_streams', guard, set)], audit };
    return { unit, result: streamConfiguration(after, deps.config.issuer) };
  });
}

/** Removes a stream, with what waits in it. @throws Fault not_found, conflict */
export async function removeStream(
  deps: Pick<Deps, 'store'>,
  gatewayId: string,
  id: string,
  now: Instant,
): Promise<void> {
  await changeStreams(deps, async () => {
    await readStream(deps, gatewayId, id);
    const audit = [streamEvent('stream.removed', id, gateway(gatewayId), { gateway: gatewayId }, now)];
    return { unit: { changes: removal(id), audit }, result: undefined };
  });
}

/** What is left of streams whose gateways were removed: nothing. */
export async function removeOrphans(deps: Pick<Deps, 'store'>, now: Instant): Promise<void> {
  const orphans = () =>
    deps.store.read
      .selectFrom('ssf_streams')
      .innerJoin('gateways', 'gateways.id', 'ssf_streams.gateway_id')
      .select(['ssf_streams.id', 'ssf_streams.gateway_id'])
      .where('gateways.removed_at', 'is not', null)
      .execute();
  if ((await orphans()).length === 0) return;
  await changeStreams(deps, async () => {
    const rows = await orphans();
    const system = { kind: 'system', id: null } as const;
    const audit = rows.map((row) => streamEvent('stream.removed', row.id, system, { gateway: row.gateway_id }, now));
    return { unit: { changes: rows.flatMap(({ id }) => removal(id)), audit }, result: undefined };
  });
}

export function gateway(id: string): Actor {
  return { kind: 'gateway', id };
}

function removal(id: string) {
  return [deleteAny('ssf_events', { stream_id: id }), deleteOne('ssf_streams', { id })];
}

/** What is not known is ignored (SSF section 8.1.1, `events_requested`). */
function known(requested: readonly string[] | undefined): string[] {
  return supportedSignals.filter((type) => requested === undefined || requested.includes(type));
}

type Target = Pick<StreamRow, 'delivery' | 'endpoint' | 'authorization_jwe'>;

/**
 * Where events go. The header that a receiver wants to see stays when the address does and nobody says otherwise, and never
 * goes to another address.
 */
async function targetOf(
  { config }: StreamDeps,
  id: string,
  wish: DeliveryWish | undefined,
  before: StreamRow | undefined,
): Promise<Target> {
  if (wish?.method !== pushMethod) return { delivery: 'poll', endpoint: null, authorization_jwe: null };
  const endpoint = pushEndpoint(wish.endpoint_url, config.webhookHosts).href;
  const header = wish.authorization_header;
  const stays = header === undefined && before?.delivery === 'push' && before.endpoint === endpoint;
  const sealed =
    typeof header === 'string'
      ? await createStreamVault(config.masterSecret).seal({ stream: id, endpoint, header })
      : null;
  return { delivery: 'push', endpoint, authorization_jwe: stays ? before.authorization_jwe : sealed };
}

/** What only the transmitter sets may be repeated, and must then be what it is. */
function refuseOther(wish: StreamChange, is: StreamConfiguration): void {
  const differs = (given: unknown, own: unknown) =>
    given !== undefined && JSON.stringify(given) !== JSON.stringify(own);
  const sorted = (list: readonly string[] | undefined) => list?.toSorted();
  const wrong = [
    ...(differs(wish.iss, is.iss) ? ['iss'] : []),
    ...(differs(typeof wish.aud === 'string' ? [wish.aud] : wish.aud, [is.aud]) ? ['aud'] : []),
    ...(differs(sorted(wish.events_supported), sorted(is.events_supported)) ? ['events_supported'] : []),
    ...(differs(sorted(wish.events_delivered), sorted(is.events_delivered)) ? ['events_delivered'] : []),
    ...(differs(wish.min_verification_interval, is.min_verification_interval) ? ['min_verification_interval'] : []),
    ...(wish.inactivity_timeout === undefined ? [] : ['inactivity_timeout']),
  ];
  if (wrong.length === 0) return;
  const message = 'is for the transmitter to say: leave it out, or repeat it as it is';
  throw new Fault('malformed_request', { details: wrong.map((name) => ({ path: `body.${name}`, message })) });
}

function auditData(row: StreamRow) {
  return {
    gateway: row.gateway_id,
    delivery: row.delivery,
    host: row.endpoint === null ? null : new URL(row.endpoint).host,
    events: JSON.parse(row.events_requested) as string[],
  };
}
