import { type Instant, minute } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { type Change, updateAny, updateOne } from '../storage/change.ts';
import type { Unit } from '../storage/store.ts';
import type { Outcome } from './attempt.ts';
import type { DeliveryRow } from './delivery.ts';
import { nextAttempt } from './retry-schedule.ts';
import { givenUp, webhookEvent } from './webhooks.ts';

/** Not at once: what the server breaks off over, while it takes the rest, is not to be given up within minutes. */
const mailAgainMs = 5 * minute;

/**
 * What is written of an attempt. Guarded by it: of what was given up or sent anew meanwhile nothing is overwritten.
 *
 * @param row as it was before the attempt
 * @param isDead whether the webhook has taken nothing at all since the message was made
 */
export function settlement(
  row: DeliveryRow,
  outcome: Outcome,
  isDead: boolean,
  random: Pick<Deps['random'], 'integer'>,
  now: Instant,
): Unit {
  const attempts = row.attempts + 1;
  const { status } = outcome;
  const settle = (set: Partial<DeliveryRow>): Change =>
    updateOne('deliveries', { id: row.id, state: 'waiting', attempts }, { claimed_until: 0, status, ...set });
  const failed = (error: string) => settle({ state: 'failed', done_at: now, error });
  const failure = (error: string) => ({
    at: now,
    type: 'delivery.failed' as const,
    outcome: 'failure' as const,
    actor: systemActor,
    subject: { kind: 'delivery', id: row.id },
    data: { type: row.type, channel: row.channel, target: row.target, attempts, status, error },
  });
  switch (outcome.kind) {
    case 'done':
      return { changes: [settle({ state: 'done', done_at: now, error: null }), ...mailIsBack(row, now)], audit: [] };
    case 'gone': {
      const { changes, audit } = disabling(
        row.target,
        'It answered 410: nothing is taken there any more.',
        outcome,
        now,
      );
      return { changes: [failed(outcome.error), ...changes], audit };
    }
    case 'failed':
      return { changes: [failed(outcome.error)], audit: [failure(outcome.error)] };
    case 'again': {
      const next = nextAttempt(attempts, outcome.retryAfterMs, (below) => random.integer(below), now);
      if (next !== undefined) return { changes: [settle({ next_at: next, error: outcome.error })], audit: [] };
      const given = { changes: [failed(outcome.error)], audit: [failure(outcome.error)] };
      if (!isDead) return given;
      const { changes, audit } = disabling(row.target, 'It has taken nothing for days.', outcome, now);
      return { changes: [...given.changes, ...changes], audit: [...given.audit, ...audit] };
    }
  }
}

/** A webhook that is not told any more, and what waits for it. */
function disabling(
  id: string,
  reason: string,
  { status, label }: { status: number | null; label: string | undefined },
  now: Instant,
): Unit {
  const data = { status, ...(label === undefined ? {} : { label }) };
  return {
    changes: [
      updateAny('webhooks', { id, disabled_at: null, removed_at: null }, { disabled_at: now, disabled_reason: reason }),
      givenUp(id, 'the webhook was disabled', now),
    ],
    audit: [{ ...webhookEvent('webhook.disabled', id, '', data, now), actor: systemActor }],
  };
}

/** Mail that goes through says that the server is there: what waits because it was not, does not wait for hours. */
function mailIsBack({ channel }: DeliveryRow, now: Instant): Change[] {
  if (channel !== 'email') return [];
  const soon = now + mailAgainMs;
  const unanswered = { channel: 'email', state: 'waiting', claimed_until: 0, status: null, next_at: { gt: soon } };
  return [updateAny('deliveries', unanswered, { next_at: soon })];
}
