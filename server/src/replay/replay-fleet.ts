import type { Kysely } from 'kysely';
import type { ReplayChange, ReplaySummary } from '@postern/shared/protocol/policy-replay';
import type { Instant } from '@postern/shared/time';
import { compilePolicy, type IdentifierWish, readPolicyDocument, readRulebook } from '../policy/index.ts';
import type { Database } from '../storage/database.ts';
import { compare } from './comparison.ts';
import { detailOf } from './detail.ts';
import { activeDevices, countDevices } from './pages.ts';
import { replayDevice } from './replay-device.ts';
import { Tally } from './tally.ts';

/** What is to be replayed. Plain data, so that it can travel to the thread that does it. */
export interface ReplayWish {
  document: string;
  identifiers: IdentifierWish['identifiers'];
  now: Instant;
}

/** A device for which something changes. */
export interface ChangedDevice {
  id: string;
  name: string;
  person: string;
  change: ReplayChange;
  blockedAt: Instant | null;
  /** A ReplayDetail as JSON: a text crosses to another thread for less. */
  detail: string;
}

export interface ReplayPage {
  done: number;
  total: number;
  changed: ChangedDevice[];
}

/**
 * Replays a document over all active devices, page by page; what it returns in the end is the summary. Judged is by the
 * rulebook that is in force when it starts.
 *
 * @throws Fault policy_invalid
 */
export async function* replayFleet(
  read: Kysely<Database>,
  { document, identifiers, now }: ReplayWish,
): AsyncGenerator<ReplayPage, ReplaySummary> {
  const current = await readRulebook({ read });
  const parsed = readPolicyDocument(document);
  const version = current.policies.find(({ name }) => name === parsed.policy)?.version ?? 0;
  const comparison = compare(current, compilePolicy(parsed, version + 1), {
    identifiers,
    identifierKey: null,
  });
  const tally = new Tally(comparison, now);
  const total = await countDevices(read);
  let done = 0;
  for await (const devices of activeDevices(read)) {
    const changed: ChangedDevice[] = [];
    for (const facts of devices) {
      const replay = replayDevice(facts, comparison, now);
      tally.add(facts, replay);
      if (replay.change === null) continue;
      const { id, name, owner } = facts;
      const { change, blockedAt } = replay;
      changed.push({
        id,
        name,
        person: owner.name,
        change,
        blockedAt,
        detail: JSON.stringify(detailOf(facts, replay)),
      });
    }
    done += devices.length;
    yield { done, total: Math.max(total, done), changed };
  }
  return tally.summary();
}
