import { sql } from 'kysely';
import type { Instant } from '@postern/shared/time';
import type { Pause } from '../kept.ts';
import { isInForce, type RequestFact } from './facts.ts';
import { chunks, type Read } from './read-requests.ts';
import type { Link, Span } from './reports/chains.ts';
import type { ReviewFact } from './reports/flow.ts';
import { isNarrow, type RefusalFact } from './reports/outside.ts';
import { thresholds } from './thresholds.ts';

const idsAtOnce = 500;
/** Of each there may be a year of exceptions. */
const spansAtOnce = 100;
/** Of each there are as many entries as it was refused tokens. */
const devicesAtOnce = 20;
/** Chains end of themselves, as what they may last in all does; this ends what a broken database says. */
const longestChain = 1000;

/** The chains of extensions that these are the newer part of, to their beginning. */
export async function readChains(read: Read, requests: readonly RequestFact[], pause: Pause): Promise<Link[]> {
  const links = new Map<string, Link>();
  const add = ({
    id,
    extendsId,
    personId,
    deviceId,
    approvedAt,
  }: Omit<Link, 'approvedAt'> & { approvedAt: Instant | null }) => {
    if (approvedAt !== null) links.set(id, { id, extendsId, personId, deviceId, approvedAt });
  };
  for (const request of requests) add(request);
  const missing = () =>
    [...links.values()].flatMap(({ extendsId }) => (extendsId === null || links.has(extendsId) ? [] : [extendsId]));
  let wanted = missing();
  for (let depth = 0; wanted.length > 0 && depth < longestChain; depth += 1) {
    const before = links.size;
    for await (const ids of chunks(wanted, idsAtOnce, pause)) {
      const rows = await read
        .selectFrom('exceptions')
        .select(['id', 'extends_id', 'person_id', 'device_id', 'approved_at'])
        .where('id', 'in', ids)
        .execute();
      for (const row of rows)
        add({
          id: row.id,
          extendsId: row.extends_id,
          personId: row.person_id,
          deviceId: row.device_id,
          approvedAt: row.approved_at,
        });
    }
    if (links.size === before) break;
    wanted = missing();
  }
  return [...links.values()];
}

/** When devices that are under an exception now were under any within a year. */
export async function readSpans(
  read: Read,
  requests: readonly RequestFact[],
  now: Instant,
  pause: Pause,
): Promise<Span[]> {
  const spans: Span[] = [];
  const since = now - thresholds.debt.withinMs;
  for await (const devices of chunks(
    devicesOf(requests.filter((request) => isInForce(request, now))),
    spansAtOnce,
    pause,
  )) {
    const rows = await read
      .selectFrom('exceptions')
      .select(['device_id', 'begins_at', 'expires_at', 'ended_at'])
      .where('device_id', 'in', devices)
      // Not by the index on kinds, which has those of all devices.
      .where(sql<boolean>`kind || '' = 'device'`)
      .where('begins_at', '<=', now)
      .where('expires_at', '>', since)
      .execute();
    for (const row of rows) {
      const to = Math.min(row.ended_at ?? now, row.expires_at ?? now);
      if (row.begins_at !== null && to > row.begins_at)
        spans.push({ deviceId: row.device_id, from: row.begins_at, to });
    }
  }
  return spans;
}

/** Tokens that devices under exceptions for some resources only were refused since then because of their posture. */
export async function readRefusals(
  read: Read,
  requests: readonly RequestFact[],
  since: Instant,
  pause: Pause,
): Promise<RefusalFact[]> {
  const refusals: RefusalFact[] = [];
  for await (const devices of chunks(devicesOf(requests.filter(isNarrow)), devicesAtOnce, pause)) {
    const rows = await read
      .selectFrom('audit')
      .select(['actor_id', 'at', 'entry'])
      .where('actor_id', 'in', devices)
      // Not by the index on types, which has those of all devices.
      .where(sql<boolean>`audit.type || '' = 'token.refused'`)
      .where('at', '>=', since)
      .where('entry', 'like', '%posture_refused%')
      .execute();
    for (const row of rows) {
      const { code, resource, rules } = (JSON.parse(row.entry) as { data: Record<string, unknown> }).data;
      if (code !== 'posture_refused' || typeof resource !== 'string' || !Array.isArray(rules)) continue;
      refusals.push({ deviceId: row.actor_id ?? '', resource, rules: rules.map(String), at: row.at });
    }
  }
  return refusals;
}

/** Reviews that are open, and those of emergencies since then. */
export async function readReviews(read: Read, since: Instant): Promise<ReviewFact[]> {
  const rows = await read
    .selectFrom('reviews')
    .select(['id', 'kind', 'subject_id', 'person_id', 'opened_at', 'due_at', 'decided_at', 'verdict'])
    .where((where) =>
      where.or([
        where('decided_at', 'is', null),
        where.and([where('kind', '=', 'emergency'), where('opened_at', '>=', since)]),
      ]),
    )
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    personId: row.person_id,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    decidedAt: row.decided_at,
    verdict: row.verdict,
  }));
}

function devicesOf(requests: readonly RequestFact[]): string[] {
  return [...new Set(requests.map(({ deviceId }) => deviceId))].toSorted();
}
