import { second, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deleteAny, updateAny, updateOne } from '../storage/change.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import type { EventRow } from './hand-over.ts';
import type { StreamRow } from './stream-view.ts';

type ClaimDeps = Pick<Deps, 'store'>;

/** Whoever claimed a stream and has not said anything for so long is gone. It is renewed while a push takes longer. */
export const claimMs = 3 * second;

/**
 * There is one server on SQLite: whoever claimed a stream before this one started is gone, and nobody has to wait until that
 * shows.
 */
export async function freeClaims({ store }: ClaimDeps, now: Instant): Promise<void> {
  if (store.kind !== 'sqlite') return;
  await store.commit({
    changes: [updateAny('ssf_streams', { delivery: 'push', next_at: { gt: now } }, { next_at: now })],
    audit: [],
  });
}

/** Streams that something waits in, and whose receiver may be tried. */
export async function readDue({ store }: ClaimDeps, now: Instant): Promise<string[]> {
  const rows = await store.read
    .selectFrom('ssf_streams')
    .innerJoin('gateways', 'gateways.id', 'ssf_streams.gateway_id')
    .select('ssf_streams.id')
    .where('ssf_streams.delivery', '=', 'push')
    .where('ssf_streams.status', '<>', 'paused')
    .where('ssf_streams.next_at', '<=', now)
    .where('gateways.removed_at', 'is', null)
    .where((where) =>
      where.exists(
        where.selectFrom('ssf_events').select('jti').whereRef('ssf_events.stream_id', '=', 'ssf_streams.id'),
      ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Undefined when it is not this node's to push, or not any more. */
export async function claim(deps: ClaimDeps, id: string, now: Instant): Promise<StreamRow | undefined> {
  const row = await deps.store.read.selectFrom('ssf_streams').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.delivery !== 'push' || row.status === 'paused' || row.next_at > now) return undefined;
  return await settle(deps, row, { next_at: now + claimMs }, [], true);
}

/**
 * Writes down what came of it, under the guard of the claim. When the stream was changed meanwhile, only what was taken is
 * forgotten, and whoever comes next begins with it as it is now.
 *
 * @returns the stream as it is claimed now, when it is to be
 */
export async function settle(
  { store }: ClaimDeps,
  stream: StreamRow,
  change: Partial<StreamRow>,
  forgotten: readonly EventRow[],
  goesOn = false,
): Promise<StreamRow | undefined> {
  const { id, version } = stream;
  const set = { ...change, version: version + 1 };
  const gone = forgotten.map(({ jti }) => deleteAny('ssf_events', { stream_id: id, jti }));
  const unit = (changes: Unit['changes']): Unit => ({ changes, audit: [] });
  try {
    await store.commit(unit([updateOne('ssf_streams', { id, version }, set), ...gone]));
    return goesOn ? { ...stream, ...set } : undefined;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    if (gone.length > 0) await store.commit(unit(gone));
    return undefined;
  }
}
