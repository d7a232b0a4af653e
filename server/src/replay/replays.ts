import { sha256 } from '@postern/shared/digest';
import { toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { readPolicyDocument } from '../policy/index.ts';
import { insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import { endReplay } from './end-replay.ts';
import { pruneReplays } from './prune.ts';
import type { ReplayPage } from './replay-fleet.ts';
import { type Replaying, startReplay } from './start-replay.ts';

export type ReplayDeps = Pick<Deps, 'store' | 'clock' | 'random' | 'log' | 'config'>;

/** The replays of this server: one at a time. */
export interface Replays {
  /**
   * Starts one, which goes on by itself.
   *
   * @throws Fault policy_invalid, replay_running
   */
  start(document: string, actor: Actor, now: Instant): Promise<Database['policy_replays']>;
  /** Throws Fault not_found, replay_ended. */
  cancel(id: string, actor: Actor, now: Instant): Promise<void>;
  /** Starts no more, and waits until the one that runs is written down as cancelled. */
  stop(): Promise<void>;
}

/** Rows written in one unit: a unit is written at one go, and a token may wait behind it. */
const rowsAtOnce = 100;

interface Running {
  row: Database['policy_replays'];
  replaying: Replaying;
  ended: Promise<void>;
}

export function createReplays(deps: ReplayDeps): Replays {
  const { store, config, clock, random, log } = deps;
  let isTaken = false;
  let isStopped = false;
  let running: Running | undefined;

  async function storePage(id: string, { done, total, changed }: ReplayPage): Promise<void> {
    for (let from = 0; from === 0 || from < changed.length; from += rowsAtOnce) {
      const rows = changed.slice(from, from + rowsAtOnce).map(({ id: deviceId, change, blockedAt, detail }) =>
        insert('policy_replay_devices', {
          replay_id: id,
          device_id: deviceId,
          change,
          blocked_at: blockedAt,
          detail,
        }),
      );
      // It holds only while the replay runs: somebody may have cancelled it, on this server or on another.
      const progress = updateOne(
        'policy_replays',
        { id, state: 'running' },
        { devices_done: done, devices_total: total, progress_at: clock.now() },
      );
      await store.commit({ changes: [progress, ...rows], audit: [] });
    }
  }

  async function finish(row: Database['policy_replays'], replaying: Replaying, actor: Actor): Promise<void> {
    let summary: ReplaySummary | undefined;
    let state: 'done' | 'cancelled' | 'failed' = 'failed';
    try {
      summary = await replaying.summary;
      state = summary === undefined ? 'cancelled' : 'done';
    } catch (error) {
      // Cancelled elsewhere: that is written down already.
      if (error instanceof ConflictError) return;
      log.error({ replay: row.id, err: error }, 'a replay failed');
    }
    try {
      await pruneReplays(store, row.id);
    } catch (error) {
      log.error({ replay: row.id, err: error }, 'old replays were not forgotten');
    }
    try {
      await store.commit(endReplay(row, { state, summary, actor }, clock.now()));
    } catch (error) {
      if (!(error instanceof ConflictError))
        log.error({ replay: row.id, err: error }, 'the end of a replay was not written');
    }
  }

  return {
    async start(document, actor, now) {
      const { policy } = readPolicyDocument(document);
      if (isTaken || isStopped) throw new Fault('replay_running');
      isTaken = true;
      const row: Database['policy_replays'] = {
        id: toId('policyReplay', random.uuid()),
        policy,
        document_hash: sha256(document),
        started_by: actor.id ?? actor.kind,
        started_at: now,
        state: 'running',
        devices_total: 0,
        devices_done: 0,
        progress_at: now,
        finished_at: null,
        summary: null,
      };
      try {
        await store.commit({ changes: [insert('policy_replays', row)], audit: [] });
      } catch (error) {
        isTaken = false;
        throw error;
      }
      const { identifiers } = config;
      const replaying = startReplay(config.databaseUrl, { document, identifiers, now }, (page) =>
        storePage(row.id, page),
      );
      if (isStopped) replaying.stop();
      const ended = finish(row, replaying, actor).finally(() => {
        running = undefined;
        isTaken = false;
      });
      running = { row, replaying, ended };
      return row;
    },

    async cancel(id, actor, now) {
      const row = await store.read.selectFrom('policy_replays').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw new Fault('not_found');
      try {
        await store.commit(endReplay(row, { state: 'cancelled', summary: undefined, actor }, now));
      } catch (error) {
        if (error instanceof ConflictError) throw new Fault('replay_ended', { cause: error });
        throw error;
      }
      if (running?.row.id === id) running.replaying.stop();
    },

    async stop() {
      isStopped = true;
      running?.replaying.stop();
      await running?.ended;
    },
  };
}
