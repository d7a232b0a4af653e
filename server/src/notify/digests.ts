import { day, type Instant, sayDuration, toTimestamp } from '@postern/shared/time';
import { readAudience } from '../exceptions/index.ts';
import type { Change } from '../storage/change.ts';
import { begin, move, readCursor } from './cursor.ts';
import { dayOf, weekOf } from './digest-times.ts';
import { readPeople, toPeople } from './fan-out.ts';
import type { FollowDeps } from './follow.ts';
import type { Fact, Message } from './message.ts';
import { preferencesOf } from './preferences.ts';
import type { Person } from './recipients.ts';
import { line } from './text.ts';

const dailyKey = 'notify_daily';
const weeklyKey = 'notify_weekly';
const mostLookedAt = 200;
const mostNamed = 20;

/**
 * Sends what is due of the digests: what waits, oldest first, to approvers once a day, and the figures to admins once a
 * week. The day that was done commits with the messages: they go out once, whichever node comes first, and what was missed
 * while nothing ran is not made up for.
 */
export async function sendDigests(deps: FollowDeps, now: Instant): Promise<void> {
  await once(deps, dailyKey, dayOf(now), () => dailyDigests(deps, now));
  await once(deps, weeklyKey, weekOf(now), () => weeklyDigest(deps, now));
}

async function once(deps: FollowDeps, key: string, current: number, make: () => Promise<Change[]>): Promise<void> {
  const done = await readCursor(deps, key);
  if (done === undefined) return await begin(deps, key, current);
  // A clock that went back sends nothing twice.
  if (current <= done) return;
  await move(deps, key, { from: done, to: current }, await make());
}

async function dailyDigests(deps: FollowDeps, now: Instant): Promise<Change[]> {
  const { read } = deps.store;
  const waiting = await read
    .selectFrom('exceptions')
    .innerJoin('users', 'users.id', 'exceptions.person_id')
    .select(['exceptions.id', 'exceptions.kind', 'exceptions.requested_at', 'exceptions.lapses_at', 'users.name'])
    .where('exceptions.state', '=', 'pending')
    .where('exceptions.lapses_at', '>', now)
    .orderBy('exceptions.requested_at')
    .orderBy('exceptions.id')
    .limit(mostLookedAt)
    .execute();
  const mine = new Map<string, Fact[]>();
  for (const { id, kind, name, requested_at, lapses_at } of waiting) {
    const what = kind === 'access' ? 'temporary access' : 'an exception';
    const since = sayDuration(now - requested_at);
    const fact = {
      label: line(name, 100),
      value: `${what}, waiting for ${since}, lapses ${toTimestamp(lapses_at)} (${id})`,
    };
    for (const { personId, why } of await readAudience(read, id))
      if (why === 'approver') mine.set(personId, [...(mine.get(personId) ?? []), fact]);
  }
  const people = await readPeople(deps, mine.keys());
  return people.flatMap((person) => {
    const facts = mine.get(person.id) ?? [];
    if (facts.length === 0 || !preferencesOf(person.notify).approvals) return [];
    const title = facts.length === 1 ? 'A request waits for you' : `${facts.length} requests wait for you`;
    const message = digest('digest.daily', title, facts.slice(0, mostNamed), now);
    return toOne(deps, person, `daily:${dayOf(now)}`, message, now);
  });
}

async function weeklyDigest(deps: FollowDeps, now: Instant): Promise<Change[]> {
  const { read } = deps.store;
  const exceptions = () =>
    read.selectFrom('exceptions').select((select) => select.fn.countAll<number | string>().as('count'));
  const [granted, waiting, expiring, emergencies, overdue, flags] = await Promise.all([
    exceptions()
      .where('approved_at', '>', now - 7 * day)
      .executeTakeFirst(),
    exceptions().where('state', '=', 'pending').where('lapses_at', '>', now).executeTakeFirst(),
    exceptions()
      .where('state', '=', 'active')
      .where('expires_at', '>', now)
      .where('expires_at', '<=', now + 7 * day)
      .executeTakeFirst(),
    exceptions()
      .where('emergency', '=', 1)
      .where('requested_at', '>', now - 7 * day)
      .executeTakeFirst(),
    read
      .selectFrom('reviews')
      .select((select) => select.fn.countAll<number | string>().as('count'))
      .where('decided_at', 'is', null)
      .where('due_at', '<=', now)
      .executeTakeFirst(),
    read
      .selectFrom('abuse_flags')
      .select((select) => select.fn.countAll<number | string>().as('count'))
      .where('closed_at', 'is', null)
      .executeTakeFirst(),
  ]);
  const figure = (label: string, row: { count: number | string } | undefined) => ({
    label,
    value: String(row?.count ?? 0),
  });
  const facts = [
    figure('Granted in the last 7 days', granted),
    figure('Emergencies in the last 7 days', emergencies),
    figure('Waiting for approval', waiting),
    figure('Ending in the next 7 days', expiring),
    figure('Reviews overdue', overdue),
    figure('Flags of misuse open', flags),
  ];
  const message = digest('digest.weekly', 'Exceptions this week', facts, now);
  const admins = (await readPeople(deps, [])).filter(({ roles }) => roles.includes('admin'));
  return admins.flatMap((person) => toOne(deps, person, `weekly:${weekOf(now)}`, message, now));
}

function digest(type: 'digest.daily' | 'digest.weekly', title: string, facts: readonly Fact[], now: Instant): Message {
  return { type, at: now, title, facts, text: null, subject: null, person: null, device: null, data: {}, decide: null };
}

function toOne(deps: FollowDeps, { id, notify }: Person, eventId: string, message: Message, now: Instant): Change[] {
  const preferences = preferencesOf(notify);
  if (!preferences.digest) return [];
  return toPeople(deps, [{ personId: id, preferences, mayDecide: false }], eventId, message, now);
}
