import { setTimeout as wait } from 'node:timers/promises';
import { second, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { claim, claimMs, readDue, settle } from './claims.ts';
import { type EventRow, type HandOverDeps, securityEventToken } from './hand-over.ts';
import type { SignalMetrics } from './metrics.ts';
import type { PushEvent, PushOutcome } from './push.ts';
import { retryDelay } from './retry-delay.ts';
import type { StreamRow } from './stream-view.ts';
import { createStreamVault } from './vault.ts';

export type DeliverDeps = Pick<Deps, 'store' | 'random' | 'clock' | 'log'> &
  HandOverDeps & { config: Pick<Deps['config'], 'masterSecret' | 'webhookHosts'>; metrics: SignalMetrics };

/** A claim is renewed while a push takes longer. */
const renewMs = second;
/** So many are pushed before it is written down which were taken. */
const portion = 20;
/** A receiver that says so often that an event is wrong does not get it any more: it must not hold up all others. */
const mostRefusals = 8;
const graceMs = 5 * second;

export interface Deliverer {
  /** Starts what is due. Does not wait for it. */
  run(now: Instant): Promise<void>;
  /** When what is under way now has ended. */
  idle(): Promise<void>;
  /** Starts nothing more, and gives what is under way a little time to end. */
  stop(): Promise<void>;
}

/**
 * Pushes what waits, each stream in order and one event at a time, all streams beside one another: one that fails or is slow
 * holds up none but itself. A stream is claimed before anything is sent: of several nodes one pushes it. What a node that died
 * was sending is sent again, under the same id.
 */
export function createDeliverer(deps: DeliverDeps, push: PushEvent): Deliverer {
  const { clock, log } = deps;
  const underWay = new Map<string, Promise<void>>();
  const life = { isStopped: false };

  /** As long as there is something to push and it is taken. */
  async function deliver(id: string): Promise<void> {
    let claimed = await claim(deps, id, clock.now());
    while (claimed !== undefined && !life.isStopped) claimed = await deliverPortion(claimed);
    if (claimed !== undefined) await settle(deps, claimed, { next_at: clock.now() }, []);
  }

  /** The stream as it is claimed afterwards, while there is more to do. */
  async function deliverPortion(stream: StreamRow): Promise<StreamRow | undefined> {
    const events = await readEvents(deps, stream.id);
    const taken: EventRow[] = [];
    let claimed = stream;
    let failure: Exclude<PushOutcome, { kind: 'taken' }> | undefined;
    const authorization = await authorizationOf(deps, stream);
    const signed = (event: EventRow) => securityEventToken(deps, event, stream.gateway_id, clock.now());
    // All at once, beside one another, unless the receiver is not expected to take even the first.
    const tokens = stream.attempts > 0 ? [] : await Promise.all(events.map(signed));
    for (const [index, event] of events.entries()) {
      if (life.isStopped) break;
      const token = tokens[index] ?? (await signed(event));
      const sending = push(
        { endpoint: stream.endpoint ?? '', token, authorization, namedHosts: deps.config.webhookHosts },
        clock.now(),
      );
      const kept = await whileRenewing(claimed, sending);
      claimed = kept.claimed;
      if (kept.outcome.kind !== 'taken') {
        failure = kept.outcome;
        break;
      }
      taken.push(event);
    }
    deps.metrics.signalsHandedOver('push', 'taken', taken.length);
    const now = clock.now();
    const good = taken.length === 0 ? {} : { ...isWell, delivered_at: now };
    if (failure === undefined) {
      const hasMore = events.length === portion;
      return await settle(deps, claimed, { ...good, next_at: hasMore ? now + claimMs : now }, taken, hasMore);
    }
    const failed = events[taken.length];
    deps.metrics.signalsHandedOver('push', failure.kind, 1);
    log.info({ stream: stream.id, error: failure.error }, 'a receiver did not take a signal');
    const attempts = (taken.length > 0 ? 0 : stream.attempts) + 1;
    // Nothing waits for a stream that is disabled: that it was is said once.
    const isGivenUp = stream.status === 'disabled' || (failure.kind === 'refused' && attempts >= mostRefusals);
    const given = isGivenUp && failed !== undefined ? [failed] : [];
    const asked = failure.kind === 'failed' ? failure.retryAfterMs : 0;
    const set = {
      ...good,
      attempts: isGivenUp ? 0 : attempts,
      failing_since: (taken.length > 0 ? null : stream.failing_since) ?? now,
      last_error: failure.error,
      next_at: isGivenUp ? now : now + retryDelay(attempts, asked, (below) => deps.random.integer(below)),
    };
    await settle(deps, claimed, set, [...taken, ...given]);
    return undefined;
  }

  /** Keeps the claim alive while a push is under way. */
  async function whileRenewing(
    stream: StreamRow,
    sending: Promise<PushOutcome>,
  ): Promise<{ outcome: PushOutcome; claimed: StreamRow }> {
    let claimed = stream;
    for (;;) {
      const ended = new AbortController();
      const outcome = await Promise.race([
        sending.finally(() => ended.abort()),
        wait(renewMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined),
      ]);
      if (outcome !== undefined) return { outcome, claimed };
      claimed = (await settle(deps, claimed, { next_at: clock.now() + claimMs }, [], true)) ?? claimed;
    }
  }

  function start(id: string): void {
    const work = deliver(id)
      .catch((error: unknown) => {
        // The store may be closed by then. The claim runs out, and it is sent again.
        if (life.isStopped) log.info({ stream: id }, 'a push was cut off by the stop, and is sent again');
        else log.error({ stream: id, err: error }, 'a stream could not be delivered');
      })
      .finally(() => {
        underWay.delete(id);
        // What came while the last portion was under way.
        void run(clock.now()).catch((error: unknown) => log.error({ err: error }, 'signals could not be delivered'));
      });
    underWay.set(id, work);
  }

  async function run(now: Instant): Promise<void> {
    if (life.isStopped) return;
    for (const id of await readDue(deps, now)) if (!underWay.has(id) && !life.isStopped) start(id);
  }

  const idle = async () => void (await Promise.all(underWay.values()));
  return {
    run,
    idle,
    async stop() {
      life.isStopped = true;
      await Promise.race([idle(), wait(graceMs, undefined, { ref: false })]);
    },
  };
}

const isWell = { attempts: 0, failing_since: null, last_error: null };

async function readEvents({ store }: Pick<Deps, 'store'>, stream: string): Promise<EventRow[]> {
  return await store.read
    .selectFrom('ssf_events')
    .selectAll()
    .where('stream_id', '=', stream)
    .orderBy('position')
    .limit(portion)
    .execute();
}

async function authorizationOf(
  { config }: Pick<DeliverDeps, 'config'>,
  { id, endpoint, authorization_jwe: sealed }: StreamRow,
): Promise<string | undefined> {
  return sealed === null ? undefined : await createStreamVault(config.masterSecret).open(sealed, id, endpoint ?? '');
}
