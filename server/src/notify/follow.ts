import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type Addressee, readAudience } from '../exceptions/index.ts';
import type { Change } from '../storage/change.ts';
import { begin, move, readCursor } from './cursor.ts';
import { describeEntry } from './describe.ts';
import { nameOf, toldTypes } from './event-names.ts';
import { readOpenWebhooks, readPeople, toPeople, toWebhooks } from './fan-out.ts';
import { namedIn, needsAudience, recipientsOf } from './recipients.ts';
import { readBackground, readEntries, subjectsOf, type ToldEntry } from './told-entries.ts';

export type FollowDeps = Pick<Deps, 'store' | 'random'> & { config: Pick<Deps['config'], 'mail'> };

const cursorKey = 'notify_cursor';
const portion = 500;
/** Entries that nobody is told of and that are read past before it is written down that they were. */
const skippable = 5000;
/** A unit is no larger than this, but for the entry that makes it so. */
const mostChanges = 2000;

/**
 * Makes messages of what the audit says has happened since the last time. Every change commits its entry with itself, and
 * here the messages commit with the place up to which the audit was followed: each is made exactly once, whatever
 * happens between, on however many nodes.
 *
 * @returns whether there may be more to follow
 */
export async function followAudit(deps: FollowDeps, now: Instant): Promise<boolean> {
  const { read } = deps.store;
  // The head first: what commits after it was read has a higher number, and is left for the next time.
  const head = await readHead(deps);
  const cursor = await readCursor(deps, cursorKey);
  if (cursor === undefined) throw new Error('nobody has said from where on the audit is followed');
  if (head <= cursor) return false;
  const entries = await readEntries(read, { types: toldTypes, after: cursor, limit: portion });
  if (entries.length === 0 && head - cursor < skippable) return false;
  const made = await makeMessages(deps, entries, now);
  const isWhole = made.followed === entries.length && entries.length < portion;
  const next = isWhole ? Math.max(head, entries.at(-1)?.seq ?? 0) : (entries[made.followed - 1]?.seq ?? cursor);
  await move(deps, cursorKey, { from: cursor, to: next }, made.changes);
  return !isWhole;
}

/** Follows from here on, unless it is followed already. */
export async function beginWithAudit(deps: Pick<Deps, 'store'>): Promise<void> {
  const head = await readHead(deps);
  if ((await readCursor(deps, cursorKey)) === undefined) await begin(deps, cursorKey, head);
}

/** Changes for as many of the entries as fit into a unit. */
async function makeMessages(deps: FollowDeps, entries: readonly ToldEntry[], now: Instant) {
  const { read } = deps.store;
  const changes: Change[] = [];
  let followed = 0;
  if (entries.length === 0) return { changes, followed };
  const [background, webhooks] = await Promise.all([readBackground(read, entries), readOpenWebhooks(deps)]);
  const people = await readPeople(deps, namedIn(entries, background));
  const audiences = new Map<string, readonly Addressee[]>();
  const audienceOf = async (id: string | null) => {
    if (id === null) return [];
    const known = audiences.get(id) ?? (await readAudience(read, id));
    audiences.set(id, known);
    return known;
  };
  /** Who is asked within this very unit. */
  const askedHere = new Map<string, Set<string>>();
  for (const entry of entries) {
    if (changes.length >= mostChanges) break;
    followed += 1;
    const type = nameOf(entry.type);
    // An attempt that was refused happened to nobody, and what changed nothing is no news. What wrong passwords locked is locked.
    const happened = entry.outcome === 'success' || type === 'account.sign_in_locked';
    if (type === undefined || !happened || entry.data['changed'] === false) continue;
    const message = describeEntry(type, entry, background);
    const exception = message.subject?.kind === 'exception' ? message.subject.id : subjectsOf(entry).exception;
    const audience = needsAudience(type) ? await audienceOf(exception) : [];
    const toldBefore =
      type === 'exception.approval_recorded' && exception !== null
        ? new Set([...(await readAsked(deps, exception)), ...(askedHere.get(exception) ?? [])])
        : new Set<string>();
    const recipients = recipientsOf(type, entry, { audience, people, background, toldBefore });
    if (exception !== null && message.decide !== null) {
      const asked = askedHere.get(exception) ?? new Set();
      askedHere.set(exception, asked);
      for (const { personId } of recipients) asked.add(personId);
    }
    const eventId = eventOf(entry.seq);
    changes.push(
      ...toWebhooks(deps, webhooks, eventId, message, now),
      ...toPeople(deps, recipients, eventId, message, now),
    );
  }
  return { changes, followed };
}

/** Who was asked for an approval of that exception before, by the entries that asked. */
async function readAsked({ store }: Pick<Deps, 'store'>, exception: string): Promise<string[]> {
  const asking = await store.read
    .selectFrom('audit')
    .select('seq')
    .where('subject_id', '=', exception)
    .where('type', 'in', ['exception.requested', 'exception.edited', 'exception.approval-recorded'])
    .execute();
  if (asking.length === 0) return [];
  const rows = await store.read
    .selectFrom('notices')
    .select('person_id')
    .where(
      'event_id',
      'in',
      asking.map(({ seq }) => eventOf(seq)),
    )
    .execute();
  return rows.map(({ person_id }) => person_id);
}

function eventOf(seq: number): string {
  return `audit:${seq}`;
}

async function readHead({ store }: Pick<Deps, 'store'>): Promise<number> {
  const row = await store.read.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}
