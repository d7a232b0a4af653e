import type { Id } from '@postern/shared/ids';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { lagSeconds, readBacklogs } from './backlog.ts';
import { statusOf } from './stream-view.ts';

/** Every stream, and how its receiver keeps up. */
export async function readHealth(deps: Pick<Deps, 'store'>, now: Instant): Promise<StreamHealth[]> {
  const [rows, backlogs] = await Promise.all([
    deps.store.read
      .selectFrom('ssf_streams')
      .innerJoin('gateways', 'gateways.id', 'ssf_streams.gateway_id')
      .selectAll('ssf_streams')
      .select('gateways.name as gateway_name')
      // Those of a gateway that was removed go with the next look at them.
      .where('gateways.removed_at', 'is', null)
      .orderBy('ssf_streams.id')
      .execute(),
    readBacklogs(deps),
  ]);
  return rows.map((row) => {
    const backlog = backlogs.find(({ stream }) => stream === row.id) ?? { waiting: 0, since: null };
    return {
      id: row.id as Id<'stream'>,
      gateway: row.gateway_id as Id<'gateway'>,
      gatewayName: row.gateway_name,
      description: row.description,
      delivery: row.delivery === 'push' ? ('push' as const) : ('poll' as const),
      host: row.endpoint === null ? null : new URL(row.endpoint).host,
      events: JSON.parse(row.events_requested) as string[],
      status: statusOf(row),
      reason: row.status_reason,
      createdAt: toTimestamp(row.created_at),
      deliveredAt: toTimestampOrNull(row.delivered_at),
      failingSince: toTimestampOrNull(row.failing_since),
      lastError: row.last_error,
      waiting: backlog.waiting,
      lagSeconds: lagSeconds(backlog, now),
    };
  });
}
