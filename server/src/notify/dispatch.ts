import { second, type Instant } from '@postern/shared/time';
import { sql } from 'kysely';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { type Change, updateOne } from '../storage/change.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { attemptDelivery, type Outcome, type Senders } from './attempt.ts';
import type { DeliveryRow } from './delivery.ts';
import { mostAttempts, nextAttempt } from './retry-schedule.ts';
import { givenUp } from './webhooks.ts';

export type DispatchDeps = Pick<Deps, 'store' | 'random' | 'clock' | 'log'> & {
  config: Pick<Deps['config'], 'mail' | 'masterSecret' | 'webhookHosts' | 'issuer'>;
};

const mostAtOnce = 8;
const mostPerTarget = 2;
/** Longer than any attempt takes. Whoever claimed a delivery and has not said by then what came of it, is gone. */
const claimMs = 120 * second;

export interface Dispatcher {
  /** Starts what is due, as far as there is room. Does not wait for what it starts. */
  run(now: Instant): Promise<void>;
  /** When nothing is under way. */
  idle(): Promise<void>;
}

/**
 * Sends what waits, a few at a time and fewer to one place, so that a place that is slow keeps nobody else waiting. A
 * delivery is claimed before it is sent: of several nodes one sends it. What a node that died was sending is sent
 * again, under the same id.
 */
export function createDispatcher(deps: DispatchDeps, senders: Senders): Dispatcher {
  const { clock, log } = deps;
  const underWay = new Map<string, { target: string; sent: Promise<void> }>();
  const countOf = (target: string) => [...underWay.values()].filter((each) => each.target === target).length;

  async function deliver(row: DeliveryRow): Promise<void> {
    const outcome: Outcome =
      row.attempts >= mostAttempts
        ? { kind: 'failed', status: null, error: 'no attempt came to an end' }
        : await attemptDelivery(deps, senders, row, clock.now());
    await commitUnlessTaken(deps, settlement(row, outcome, deps.random, clock.now()));
  }

  return {
    async run(now) {
      const busy = [...new Set([...underWay.values()].map(({ target }) => target))];
      const full = busy.filter((target) => countOf(target) >= mostPerTarget);
      for (const row of await readDue(deps, full, now)) {
        if (underWay.size >= mostAtOnce) return;
        if (countOf(row.target) >= mostPerTarget || underWay.has(row.id)) continue;
        if (!(await claim(deps, row, now))) continue;
        const sent = deliver(row)
          .catch((error: unknown) => log.error({ delivery: row.id, err: error }, 'a delivery could not be settled'))
          .finally(() => underWay.delete(row.id));
        underWay.set(row.id, { target: row.target, sent });
      }
    },
    async idle() {
      await Promise.all([...underWay.values()].map(({ sent }) => sent));
    },
  };
}

/** Due deliveries, the longest due first, of each place only as many as may be sent at once. */
async function readDue({ store }: Pick<Deps, 'store'>, full: readonly string[], now: Instant): Promise<DeliveryRow[]> {
  let due = store.read
    .selectFrom('deliveries')
    .selectAll()
    .select(sql<number>`row_number() over (partition by target order by next_at, id)`.as('place'))
    // Written out, not bound: so the planner sees that the index of what waits is the one to use.
    .where('state', '=', sql.lit('waiting'))
    .where('next_at', '<=', now)
    .where('claimed_until', '<=', now);
  if (full.length > 0) due = due.where('target', 'not in', full);
  const rows = await store.read
    .selectFrom(due.as('due'))
    .selectAll()
    .where('place', '<=', mostPerTarget)
    .orderBy('place')
    .orderBy('next_at')
    .orderBy('id')
    .limit(mostAtOnce)
    .execute();
  return rows.map(({ place: _place, ...row }) => row);
}

/** Whether it is this node that sends it. The attempt counts from here on: what kills a node is not tried for ever. */
async function claim({ store }: Pick<Deps, 'store'>, row: DeliveryRow, now: Instant): Promise<boolean> {
  const guard = { id: row.id, state: 'waiting', attempts: row.attempts, claimed_until: row.claimed_until };
  const set = { claimed_until: now + claimMs, attempts: row.attempts + 1 };
  return await commitUnlessTaken({ store }, { changes: [updateOne('deliveries', guard, set)], audit: [] });
}

/** What is written of an attempt. Guarded by it: of what was given up or sent anew meanwhile nothing is overwritten. */
function settlement(row: DeliveryRow, outcome: Outcome, random: Pick<Deps['random'], 'integer'>, now: Instant): Unit {
  const attempts = row.attempts + 1;
  const { status } = outcome;
  const settle = (set: Partial<DeliveryRow>): Change =>
    updateOne('deliveries', { id: row.id, state: 'waiting', attempts }, { claimed_until: 0, status, ...set });
  const failed = (error: string) => settle({ state: 'failed', done_at: now, error });
  const failure = (error: string, code: number | null) => ({
    at: now,
    type: 'delivery.failed' as const,
    outcome: 'failure' as const,
    actor: systemActor,
    subject: { kind: 'delivery', id: row.id },
    data: { type: row.type, channel: row.channel, target: row.target, attempts, status: code, error },
  });
  switch (outcome.kind) {
    case 'done':
      return { changes: [settle({ state: 'done', done_at: now, error: null })], audit: [] };
    case 'gone':
      return {
        changes: [
          failed(outcome.error),
          updateOne(
            'webhooks',
            { id: row.target, disabled_at: null, removed_at: null },
            { disabled_at: now, disabled_reason: 'It answered 410: nothing is taken there any more.' },
          ),
          givenUp(row.target, 'the webhook was disabled', now),
        ],
        audit: [
          {
            at: now,
            type: 'webhook.disabled',
            outcome: 'success',
            actor: systemActor,
            subject: { kind: 'webhook', id: row.target },
            data: { status, ...(outcome.label === undefined ? {} : { label: outcome.label }) },
          },
        ],
      };
    case 'failed':
      return { changes: [failed(outcome.error)], audit: [failure(outcome.error, status)] };
    case 'again': {
      const next = nextAttempt(attempts, outcome.retryAfterMs, (below) => random.integer(below), now);
      return next === undefined
        ? { changes: [failed(outcome.error)], audit: [failure(outcome.error, status)] }
        : { changes: [settle({ next_at: next, error: outcome.error })], audit: [] };
    }
  }
}

async function commitUnlessTaken({ store }: Pick<Deps, 'store'>, unit: Unit): Promise<boolean> {
  try {
    await store.commit(unit);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
