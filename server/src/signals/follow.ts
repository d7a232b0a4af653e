import type { Instant } from '@postern/shared/time';
import { type AuditEntry, parseEntry } from '../audit/chain.ts';
import type { Deps } from '../deps.ts';
import { readBackground } from './background.ts';
import { followedTypes, initiatorOf, type Occurrence, occurrenceOf, txnOf } from './occurrences.ts';
import { readPlace } from './place.ts';
import { readOpenStreams } from './fan-out.ts';
import { reassess, type ReassessDeps } from './reassess.ts';
import { tell, type TellDeps, type Told } from './tell.ts';
import type { Occasion } from './trust-change.ts';

export type FollowDeps = ReassessDeps & TellDeps;

/** Entries in one unit: small, because others wait for the same guard. */
const portion = 100;
/** Entries that say nothing to receivers, and that are read past before it is written down that they were. */
const skippable = 5000;

/**
 * Makes events of what the audit says has happened since the last time. Every change commits its entry with itself, and here
 * the events commit with the place up to which the audit was followed: each is made exactly once, whatever happens between,
 * on however many nodes.
 *
 * @param seen entries up to this one are known to say nothing new
 * @returns undefined when there is no more to follow
 */
export async function followAudit(deps: FollowDeps, seen: number, now: Instant): Promise<Told | undefined> {
  const { read } = deps.store;
  // The head first: what commits after it was read has a higher number, and is left for the next time.
  const head = await readHead(deps);
  const place = await readPlace(deps);
  const after = Math.max(place.seq, seen);
  if (head <= after) return undefined;
  const entries = await readEntries(deps, after);
  if (entries.length === 0 && head - place.seq < skippable) return undefined;
  const [background, streams] = await Promise.all([readBackground(read, entries), readOpenStreams(deps)]);
  const occurrences = entries.map((entry) => ({ entry, ...occurrenceOf(entry, background) }));
  const reassessed = await reassess(deps, streams, await occasionsOf(deps, occurrences), now);
  const last = entries.at(-1)?.seq ?? 0;
  const seq = entries.length < portion ? Math.max(head, last) : last;
  const signals = occurrences.flatMap((each) => each.signals);
  return await tell(deps, streams, place, { ...place, seq }, { signals, ...reassessed }, now);
}

/** The devices to look at, each with the last entry that is a reason to. */
async function occasionsOf(
  { store }: Pick<Deps, 'store'>,
  occurrences: readonly (Occurrence & { entry: AuditEntry })[],
): Promise<Map<string, Occasion>> {
  const people = [...new Set(occurrences.flatMap((each) => each.people))];
  const owned =
    people.length === 0
      ? []
      : await store.read.selectFrom('devices').select(['id', 'owner_id']).where('owner_id', 'in', people).execute();
  const occasions = new Map<string, Occasion>();
  for (const { entry, devices, people: theirs } of occurrences) {
    const occasion = { at: entry.at, initiator: initiatorOf(entry), txn: txnOf(entry) };
    const ofPeople = owned.filter((row) => theirs.includes(row.owner_id)).map(({ id }) => id);
    for (const id of [...devices, ...ofPeople]) occasions.set(id, occasion);
  }
  return occasions;
}

export async function readHead({ store }: Pick<Deps, 'store'>): Promise<number> {
  const row = await store.read.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}

async function readEntries({ store }: Pick<Deps, 'store'>, after: number): Promise<AuditEntry[]> {
  const rows = await store.read
    .selectFrom('audit')
    .select('entry')
    .where('type', 'in', followedTypes)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(portion)
    .execute();
  return rows.map(({ entry }) => parseEntry(entry));
}
