import { sql } from 'kysely';
import type { NeedKind } from '@postern/shared/protocol/overview';
import { hour, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { countDecidable } from '../exceptions/index.ts';
import type { PersonCaller } from '../http/caller.ts';
import { readAdmins } from '../identity/index.ts';
import { reviewsFor } from '../reviews/index.ts';
import { type Counted, maySee } from './needs.ts';

type CountDeps = Pick<Deps, 'store'>;
type Count = (deps: CountDeps, caller: PersonCaller, now: Instant) => Promise<Counted>;

/** Checkpoints are signed within minutes: what waits for longer than this waits for somebody. */
const unsignedFor = hour;
/** More than these nobody works off by looking at a number. */
const most = 500;

const counts: Readonly<Record<NeedKind, Count>> = {
  async 'audit-unsigned'({ store: { read } }, _caller, now) {
    const signed = await read
      .selectFrom('audit_checkpoints')
      .select('size')
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst();
    const first = await read
      .selectFrom('audit')
      .select('at')
      .where('seq', '=', (signed?.size ?? 0) + 1)
      .executeTakeFirst();
    return first !== undefined && now - first.at > unsignedFor ? { count: 1, since: first.at } : { count: 0 };
  },
  async keys({ store: { read } }, _caller, now) {
    const key = await read
      .selectFrom('signing_keys')
      .select('kid')
      .where('use', '=', 'access-token')
      .where('signs_from', '<=', now)
      .where((where) => where.or([where('signs_until', 'is', null), where('signs_until', '>', now)]))
      .where((where) => where.or([where('removed_at', 'is', null), where('removed_at', '>', now)]))
      .limit(1)
      .executeTakeFirst();
    return { count: key === undefined ? 1 : 0 };
  },
  async emergencies({ store: { read } }) {
    const rows = await read
      .selectFrom('reviews')
      .select(['opened_at', 'due_at'])
      .where('kind', '=', 'emergency')
      .where('decided_at', 'is', null)
      .limit(most + 1)
      .execute();
    return countRows(rows.map(({ opened_at: since, due_at: by }) => ({ since, by })));
  },
  async requests({ store }, caller, now) {
    const { mine, all } = await countDecidable(store.read, caller.id, now);
    return mine.count > 0 ? mine : { ...all, isTheirs: false };
  },
  async 'reviews-overdue'({ store: { read } }, _caller, now) {
    const rows = await read
      .selectFrom('reviews')
      .select(['opened_at', 'due_at'])
      .where('decided_at', 'is', null)
      .where('due_at', '<=', now)
      .limit(most + 1)
      .execute();
    return countRows(rows.map(({ opened_at: since, due_at: by }) => ({ since, by })));
  },
  async reviews({ store: { read } }, caller, now) {
    const theirs = (await reviewsFor(read, caller.id, now)).filter(
      ({ state, kind }) => state === 'open' && kind !== 'emergency',
    );
    return countRows(theirs.map(({ openedAt, dueAt }) => ({ since: Date.parse(openedAt), by: Date.parse(dueAt) })));
  },
  async quarantined({ store: { read } }) {
    const rows = await read
      .selectFrom('devices')
      .select('quarantined_at')
      .where('quarantined_at', 'is not', null)
      .where('state', '<>', 'retired')
      .limit(most + 1)
      .execute();
    return countRows(rows.map((row) => ({ since: row.quarantined_at })));
  },
  async 'pending-devices'({ store: { read } }) {
    const rows = await read
      .selectFrom('devices')
      .select('enrolled_at')
      .where('state', '=', 'pending')
      .limit(most + 1)
      .execute();
    return countRows(rows.map((row) => ({ since: row.enrolled_at })));
  },
  async drafts({ store }, caller) {
    const [rows, { ids }] = await Promise.all([
      store.read
        .selectFrom('policy_drafts')
        .select(['authors', 'submitted_at'])
        .where('state', '=', 'submitted')
        .limit(most + 1)
        .execute(),
      readAdmins(store),
    ]);
    // Nobody approves what they wrote any of, unless there is nobody else.
    const theirs = rows.filter(
      ({ authors }) => ids.length === 1 || !(JSON.parse(authors) as string[]).includes(caller.id),
    );
    return orOfOthers(theirs, rows, (row) => ({ since: row.submitted_at }));
  },
  async templates({ store }, caller) {
    const [rows, { ids }] = await Promise.all([
      store.read
        .selectFrom('template_proposals')
        .select(['proposed_by', 'proposed_at'])
        .where('state', '=', 'proposed')
        .limit(most + 1)
        .execute(),
      readAdmins(store),
    ]);
    const theirs = rows.filter((row) => ids.length === 1 || row.proposed_by !== caller.id);
    return orOfOthers(theirs, rows, (row) => ({ since: row.proposed_at }));
  },
  async brakes({ store: { read } }, _caller, now) {
    const rows = await read
      .selectFrom('brakes')
      .select(['opened_at', 'ends_at'])
      .where('state', '=', 'holding')
      .where('ends_at', '>', now)
      .limit(most + 1)
      .execute();
    return countRows(rows.map((row) => ({ since: row.opened_at, by: row.ends_at })));
  },
  async streams({ store: { read } }) {
    const rows = await read
      .selectFrom('ssf_streams')
      .select('failing_since')
      .where((where) => where.or([where('failing_since', 'is not', null), where('status', '=', 'disabled')]))
      .limit(most + 1)
      .execute();
    return countRows(rows.map((row) => ({ since: row.failing_since })));
  },
  async webhooks({ store: { read } }) {
    const [webhooks, late] = await Promise.all([
      read.selectFrom('webhooks').select(['id', 'disabled_at']).where('removed_at', 'is', null).execute(),
      read
        .selectFrom('deliveries')
        .select(['target', ({ fn }) => fn.min('created_at').as('since')])
        // As the index has it: of all that was ever delivered, what waits is little.
        .where('state', '=', sql.lit('waiting'))
        .where('attempts', '>', 1)
        .groupBy('target')
        .execute(),
    ]);
    const lateSince = new Map(late.map(({ target, since }) => [target, since]));
    const failing = webhooks.filter(({ id, disabled_at: disabledAt }) => disabledAt !== null || lateSince.has(id));
    return countRows(failing.map((row) => ({ since: row.disabled_at ?? lateSince.get(row.id) ?? null })));
  },
  async abuse({ store: { read } }) {
    const rows = await read
      .selectFrom('abuse_flags')
      .select('opened_at')
      .where('closed_at', 'is', null)
      .limit(most + 1)
      .execute();
    return countRows(rows.map((row) => ({ since: row.opened_at })));
  },
};

/** Everything that may need this person. */
export async function countNeeds(deps: CountDeps, caller: PersonCaller, now: Instant) {
  const seen = Object.entries(counts).filter(([kind]) => maySee(kind as NeedKind, caller.roles));
  const found = await Promise.all(seen.map(async ([kind, count]) => [kind, await count(deps, caller, now)] as const));
  return Object.fromEntries(found) as Partial<Record<NeedKind, Counted>>;
}

interface Dated {
  since?: Instant | null;
  by?: Instant | null;
}

function countRows(rows: readonly Dated[]): Counted {
  const soonest = (times: readonly (Instant | null | undefined)[]) => {
    const known = times.filter((time) => typeof time === 'number');
    return known.length === 0 ? null : Math.min(...known);
  };
  return {
    count: Math.min(rows.length, most),
    isMore: rows.length > most,
    since: soonest(rows.map(({ since }) => since)),
    by: soonest(rows.map(({ by }) => by)),
  };
}

function orOfOthers<Row>(theirs: readonly Row[], all: readonly Row[], datesOf: (row: Row) => Dated): Counted {
  if (theirs.length > 0) return countRows(theirs.map(datesOf));
  return { ...countRows(all.map(datesOf)), isTheirs: false };
}
