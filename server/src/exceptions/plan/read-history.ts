import { sql } from 'kysely';
import { day, type Instant } from '@postern/shared/time';
import type { Store } from '../../storage/store.ts';
import { incidentKey } from '../templates/incident-key.ts';
import { type Template, templateOf } from '../templates/store.ts';
import type { Asked } from './asked.ts';
import { likeness } from './likeness.ts';

/** All that a plan needs to know beside the device and the rulebook. */
export interface History {
  /** Undefined: none of that name is in force, or none that this version of the program can read. */
  template: Template | undefined;
  incident: boolean;
  /** Emergencies of this person whose review nobody has decided. */
  reviewsDue: number;
  /** In the last 30 days, for one of the rules or for the resource. */
  requests30d: number;
  /** Median of how long the like was granted that was asked for in the last 90 days; null when it was not. */
  usualMs: number | null;
  /** Names of the resources that gateways protect. */
  guarded: readonly string[];
}

interface Row {
  kind: 'template' | 'incident' | 'review' | 'request' | 'granted' | 'gateway';
  a: string | null;
  b: string | null;
  n: number | null;
}

/** Requests and grants beyond these change no median and no threshold. */
const most = 500;
/** So many requests are looked at for them, the latest: a rare rule is no reason to read all that there ever was. */
const looks = 5000;

/**
 * One statement, so that it belongs together. What a rule of a template approved, and what nobody did, says nothing of how
 * long is usual: only people raise that.
 *
 * @param asked.exception the request itself, which is no history of its own
 */
export async function readHistory(
  read: Store['read'],
  personId: string,
  asked: Pick<Asked, 'kind' | 'rules' | 'resources' | 'exception'> & { template: string | undefined },
  now: Instant,
): Promise<History> {
  const like = likeness(asked);
  const { rows } = await sql<Row>`
    select 'template' as kind, name as a, document as b, cast(version as bigint) as n
      from exception_templates where name = ${asked.template ?? ''} and current = 1
    union all
    select 'incident', null, value, null from meta where key = ${incidentKey}
    union all
    select 'review', id, null, null from reviews
      where kind = 'emergency' and person_id = ${personId} and decided_at is null
    union all
    select 'request', id, null, null from (
      select id, kind, rules, resources, requested_at from exceptions
        where person_id = ${personId} order by id desc limit ${sql.lit(looks)}) as theirs
      where requested_at > ${now - 30 * day} and id <> ${asked.exception ?? ''} and ${like}
    union all
    select 'gateway', null, resources, null from gateways where removed_at is null
    union all
    select 'granted', id, null, duration_ms from (
      select id, duration_ms from (
        select id, kind, rules, resources, emergency, approved_at, duration_ms, requested_at from exceptions
          where kind = ${asked.kind} and requested_at > ${now - 90 * day}
          order by requested_at desc limit ${sql.lit(looks)}) as asked_for
        where approved_at is not null and emergency = 0 and id <> ${asked.exception ?? ''} and ${like}
          and exists (select 1 from exception_decisions
            where exception_decisions.exception_id = asked_for.id and exception_decisions.verdict = 'approve')
        order by requested_at desc limit ${sql.lit(most)}) as recent
  `.execute(read);
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind);
  const [template] = of('template');
  return {
    template: template && templateOf({ name: template.a ?? '', version: template.n ?? 0, document: template.b ?? '' }),
    incident: isOpen(of('incident')[0]?.b ?? null),
    reviewsDue: of('review').length,
    requests30d: of('request').length,
    usualMs: median(of('granted').map(({ n }) => n ?? 0)),
    guarded: of('gateway').flatMap(({ b }) => JSON.parse(b ?? '[]') as string[]),
  };
}

/** What cannot be read is taken for an open one. */
function isOpen(stored: string | null): boolean {
  if (stored === null) return false;
  try {
    return (JSON.parse(stored) as { open?: unknown }).open !== false;
  } catch {
    return true;
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
