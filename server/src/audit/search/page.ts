import { setImmediate as othersFirst } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { hour } from '@postern/shared/time';
import type { Database } from '../../storage/database.ts';
import { entries, view } from '../stored-entry.ts';
import { type AuditFilter, type Lead, matches, ofLead, typesOf } from './filter.ts';

type Read = Kysely<Database>;

/** One page of entries, newest first. It may hold fewer than were asked for, and still name a next one. */
interface AuditPage {
  items: ReturnType<typeof view>[];
  /** The number that the next page begins below; null: there is nothing more. */
  next: string | null;
}

interface Place {
  /** Where the page before ended. */
  before: number | undefined;
  limit: number;
}

/** Bounds what one page costs. */
const standard = {
  /** Where an index leads to no more than these, they are looked at all at once, in whatever order. */
  few: 2000,
  /** Else so many are looked at, going back from where the page before ended … */
  many: 10_000,
  /** … and so many in one query, for which SQLite holds up whoever asks for a token meanwhile. */
  atOnce: 2000,
};
type Bounds = typeof standard;

/** The log is in the order in which entries were written; their times may be out of it by as much as clocks differ. */
const clocksDifferBy = hour;

/**
 * One page of entries, newest first. However rare what is looked for is, a page costs no more than a look at some thousand
 * entries: it says where it has come to, and the next one goes on from there.
 */
export async function readAuditPage(
  read: Read,
  filter: AuditFilter,
  place: Place,
  bounds: Bounds = standard,
): Promise<AuditPage> {
  const { about, ...rest } = filter;
  if (about === undefined) return readNarrowed(read, rest, place, bounds);
  // Each has an index of its own; both together have none.
  const either = [
    ...(rest.actor === undefined || rest.actor === about ? [{ ...rest, actor: about }] : []),
    ...(rest.subject === undefined || rest.subject === about ? [{ ...rest, subject: about }] : []),
  ];
  const found = await Promise.all(either.map((each) => readNarrowed(read, each, place, bounds)));
  return merge(found, place.limit);
}

/** What several searches found, as far back as all of them have come. */
function merge(pages: readonly AuditPage[], limit: number): AuditPage {
  const reached = Math.max(0, ...pages.map(({ next }) => Number(next ?? 0)));
  const bySeq = new Map(pages.flatMap(({ items }) => items).map((item) => [item.seq, item]));
  const all = [...bySeq.values()].filter(({ seq }) => seq >= reached).toSorted((left, right) => right.seq - left.seq);
  return cut(all, limit, reached === 0 ? undefined : reached);
}

async function readNarrowed(read: Read, filter: AuditFilter, place: Place, bounds: Bounds): Promise<AuditPage> {
  const leads = leadsOf(filter);
  const counts = await Promise.all(leads.map((lead) => countUpTo(read, filter, lead, bounds.few + 1)));
  const fewest = Math.min(...counts);
  const rarest = leads[counts.indexOf(fewest)];
  if (rarest !== undefined && fewest <= bounds.few) return readFew(read, filter, rarest, place);
  const items: AuditPage['items'] = [];
  let { before } = place;
  for (let looked = 0; looked < bounds.many; looked += bounds.atOnce) {
    const many = Math.min(bounds.atOnce, bounds.many - looked);
    const window = await readWindow(read, filter, { before, limit: place.limit - items.length }, many);
    items.push(...window.items);
    if (window.next === null || items.length === place.limit) return { items, next: window.next };
    before = Number(window.next);
    await othersFirst();
  }
  return { items, next: before === undefined ? null : String(before) };
}

function leadsOf(filter: AuditFilter): Lead[] {
  return [
    ...(filter.subject === undefined ? [] : ['subject' as const]),
    ...(filter.actor === undefined ? [] : ['actor' as const]),
    ...(typesOf(filter) === undefined ? [] : ['types' as const]),
    ...(filter.outcome === 'failure' ? ['failures' as const] : []),
    ...(filter.from === undefined && filter.to === undefined ? [] : ['time' as const]),
  ];
}

/** How many entries an index leads to, as far as `most`. */
async function countUpTo(read: Read, filter: AuditFilter, lead: Lead, most: number): Promise<number> {
  const { count } = await read
    .selectFrom((from) =>
      from
        .selectFrom('audit')
        .select('audit.seq')
        .where(matches(ofLead(filter, lead), lead))
        .limit(most)
        .as('some'),
    )
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function readFew(read: Read, filter: AuditFilter, lead: Lead, { before, limit }: Place): Promise<AuditPage> {
  // Ordered by what no index has: the planner would rather walk through the whole log in its order.
  const place = sql<number>`audit.seq + 0`;
  const rows = await entries(read)
    .where(matches(filter, lead))
    .$if(before !== undefined, (query) => query.where(place, '<', before ?? 0))
    .orderBy(place, 'desc')
    .limit(limit + 1)
    .execute();
  return cut(rows.map(view), limit, undefined);
}

async function readWindow(read: Read, filter: AuditFilter, place: Place, many: number): Promise<AuditPage> {
  const { above, below } = await spanOf(read, filter, place.before);
  const inOrder = leadsOf(filter).filter((each) => isInOrder(filter, each));
  // Failures are rarer than what a device or a person did that did much.
  const lead = inOrder.find((each) => each === 'failures') ?? inOrder[0];
  const last = await read
    .selectFrom('audit')
    .select('audit.seq')
    .where(matches(lead === undefined ? {} : ofLead(filter, lead), lead))
    .where('audit.seq', '>', above)
    .where('audit.seq', '<', below)
    .orderBy('audit.seq', 'desc')
    .offset(many - 1)
    .limit(1)
    .executeTakeFirst();
  const rows = await entries(read)
    .where(matches(filter, lead))
    .where('audit.seq', '>=', last?.seq ?? above + 1)
    .where('audit.seq', '<', below)
    .orderBy('audit.seq', 'desc')
    .limit(place.limit + 1)
    .execute();
  return cut(rows.map(view), place.limit, last?.seq);
}

/** Whether its index has what is asked for in the order of the log: of several types it has one after the other. */
function isInOrder(filter: AuditFilter, lead: Lead): boolean {
  return lead === 'types' ? typesOf(filter)?.length === 1 : lead !== 'time';
}

/** Between which entries, exclusive, those of a time can be. */
async function spanOf(read: Read, { from, to }: AuditFilter, before = Number.MAX_SAFE_INTEGER) {
  const byTime = read.selectFrom('audit').select('seq').limit(1);
  const [earlier, later] = await Promise.all([
    from === undefined
      ? undefined
      : byTime
          .where('at', '<', from - clocksDifferBy)
          .orderBy('at', 'desc')
          .executeTakeFirst(),
    to === undefined
      ? undefined
      : byTime
          .where('at', '>=', to + clocksDifferBy)
          .orderBy('at')
          .executeTakeFirst(),
  ]);
  return { above: earlier?.seq ?? 0, below: Math.min(before, later?.seq ?? before) };
}

/** @param reached how far back was looked; undefined: to the beginning of what is asked for */
function cut(found: AuditPage['items'], limit: number, reached: number | undefined): AuditPage {
  const items = found.slice(0, limit);
  const next = found.length > limit ? items.at(-1)?.seq : reached;
  // Before the first entry there is none.
  return { items, next: next === undefined || next <= 1 ? null : String(next) };
}
