import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { sweepExceptions } from '../exceptions/index.ts';
import type { Job } from '../jobs.ts';
import { watchBacklogs } from './backlog.ts';
import { freeClaims } from './claims.ts';
import { createDeliverer, type DeliverDeps } from './deliver.ts';
import { type Ends, readEnds } from './ends.ts';
import { followAudit, type FollowDeps, readHead } from './follow.ts';
import { lookAtDue, lookThrough } from './look-through.ts';
import { pushEvent, type PushEvent } from './push.ts';
import { createReturns } from './returns.ts';
import { removeOrphans } from './streams.ts';
import type { Told } from './tell.ts';
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts';

export type SignallerDeps = FollowDeps & DeliverDeps & Pick<Deps, 'clock' | 'log'>;

/** What happens on another node, or by a command, is seen after so long at the latest. */
const lookEveryMs = 200;
const backlogEveryMs = 10 * second;
/** Portions in a turn: whoever fell behind catches up without holding up deliveries. */
const portionsAtOnce = 20;
/** No timer for what is further away: a look finds it. */
const timerWithinMs = 10 * second;

export interface Signaller {
  readonly waitingRoom: WaitingRoom;
  readonly jobs: readonly Job[];
  /** Something that receivers may have to hear of was committed here. */
  wake(): void;
  /** Evidence of this device was committed here. */
  hasReported(deviceId: string): void;
  /** Something was put into this stream. */
  hasNew(stream: string): void;
  /** Ends what runs beside the requests, before the store is closed. */
  stop(): Promise<void>;
}

/**
 * Tells receivers what happens, within milliseconds of its commit on this node: it is woken by commits, wakes by itself for
 * whatever changes by time alone, and looks five times a second for what it was not woken for.
 */
export function createSignaller(deps: SignallerDeps, push: PushEvent = pushEvent): Signaller {
  const { clock, log } = deps;
  const waitingRoom = createWaitingRoom();
  const deliverer = createDeliverer(deps, push);
  let seen = 0;
  const returns = createReturns(deps);
  let hasBegun = false;
  let underWay: Promise<void> | undefined;
  const life = { isStopped: false, isWoken: false };
  let timer: NodeJS.Timeout | undefined;
  let pause: NodeJS.Timeout | undefined;

  /** Repeats a step until it finds nothing more to do, or has done enough for once. @returns whether there may be more */
  async function repeat(step: () => Promise<Told | undefined>): Promise<boolean> {
    for (let count = 0; count < portionsAtOnce && !life.isStopped; count += 1) {
      const told = await step();
      if (told === undefined) return false;
      // What was written before it may have been skipped by a node that told it in our place.
      if (!told.written) seen = 0;
      else if (told.streams.size > 0) announce(told.streams);
    }
    return true;
  }

  function announce(streams: Iterable<string>): void {
    waitingRoom.wake(streams);
    void deliverer
      .run(clock.now())
      .catch((error: unknown) => log.error({ err: error }, 'signals could not be delivered'));
  }

  async function turn(): Promise<void> {
    if (!hasBegun) await freeClaims(deps, clock.now());
    hasBegun = true;
    const ends = await readEnds(deps);
    const now = clock.now();
    let { head } = ends;
    if (ends.exception !== null && ends.exception <= now && (await sweepExceptions(deps, now)) > 0)
      head = await readHead(deps);
    // A backup was restored meanwhile: what was seen is not there any more.
    if (head < seen) seen = 0;
    if (head !== seen) {
      if (await repeat(() => followAudit(deps, seen, clock.now()))) life.isWoken = true;
      else seen = head;
    }
    if (ends.trust !== null && ends.trust <= now && (await repeat(() => lookAtDue(deps, now)))) life.isWoken = true;
    for (const look of returns.due(now)) await repeat(look);
    await lookThroughSome(ends.epoch);
    await wakeOthers();
    await deliverer.run(clock.now());
    setTimer(ends, clock.now());
  }

  /** Of a large fleet this takes a while: half of the time is left to the requests. */
  async function lookThroughSome(epoch: string): Promise<void> {
    const startedAt = performance.now();
    const told = await lookThrough(deps, epoch, clock.now());
    if (told === undefined) return;
    if (told.streams.size > 0) announce(told.streams);
    clearTimeout(pause);
    pause = setTimeout(wake, performance.now() - startedAt).unref();
  }

  /** Those who wait here for what another node wrote. */
  async function wakeOthers(): Promise<void> {
    const streams = waitingRoom.streams();
    if (streams.length === 0) return;
    const rows = await deps.store.read
      .selectFrom('ssf_streams')
      .select('id')
      .where('id', 'in', streams)
      .where('status', '<>', 'paused')
      .where((where) =>
        where.exists(
          where.selectFrom('ssf_events').select('jti').whereRef('ssf_events.stream_id', '=', 'ssf_streams.id'),
        ),
      )
      .execute();
    waitingRoom.wake(rows.map(({ id }) => id));
  }

  function setTimer({ trust, exception }: Ends, now: Instant): void {
    clearTimeout(timer);
    if (life.isStopped) return;
    const next = Math.min(trust ?? Number.POSITIVE_INFINITY, exception ?? Number.POSITIVE_INFINITY);
    // What is due already is for the next look: it may be that nothing can be done about it.
    if (next <= now || next - now > timerWithinMs) return;
    timer = setTimeout(wake, next - now).unref();
  }

  async function turns(): Promise<void> {
    do {
      life.isWoken = false;
      await turn();
      // Requests first.
      await new Promise((go) => setImmediate(go));
    } while (life.isWoken && !life.isStopped);
  }

  function look(): Promise<void> {
    if (life.isStopped) return Promise.resolve();
    underWay ??= turns().finally(() => (underWay = undefined));
    return underWay;
  }

  function wake(): void {
    if (life.isStopped) return;
    life.isWoken = true;
    if (underWay === undefined)
      void look().catch((error: unknown) => log.error({ err: error }, 'signals could not be told'));
  }

  async function stop(): Promise<void> {
    life.isStopped = true;
    clearTimeout(timer);
    clearTimeout(pause);
    waitingRoom.close();
    await Promise.allSettled([underWay, deliverer.stop()]);
  }

  return {
    waitingRoom,
    wake,
    hasReported: (deviceId) => returns.note(deviceId),
    hasNew: (stream) => announce([stream]),
    jobs: [
      { name: 'tell receivers', everyMs: lookEveryMs, run: look, stop },
      {
        name: 'watch streams',
        everyMs: backlogEveryMs,
        run: async () => {
          await removeOrphans(deps, clock.now());
          await watchBacklogs(deps, clock.now());
        },
      },
    ],
    stop,
  };
}
