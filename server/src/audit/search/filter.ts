import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Instant } from '@postern/shared/time';

/** What entries are looked for by. All that is named must hold. */
export interface AuditFilter {
  type?: string | undefined;
  /** Any of these. */
  types?: readonly string[] | undefined;
  subject?: string | undefined;
  actor?: string | undefined;
  /** Actor or subject. */
  about?: string | undefined;
  outcome?: 'success' | 'failure' | undefined;
  /** From then on. */
  from?: Instant | undefined;
  /** Until then, exclusive. */
  to?: Instant | undefined;
}

/** What an index leads to. */
export type Lead = 'subject' | 'actor' | 'types' | 'failures' | 'time';

/** The types that are looked for; undefined: all. */
export function typesOf({ type, types }: Pick<AuditFilter, 'type' | 'types'>): readonly string[] | undefined {
  if (type === undefined) return types;
  return types === undefined || types.includes(type) ? [type] : [];
}

/** Only what the lead asks for. */
export function ofLead({ type, types, subject, actor, outcome, from, to }: AuditFilter, lead: Lead): AuditFilter {
  return { subject: { subject }, actor: { actor }, types: { type, types }, failures: { outcome }, time: { from, to } }[
    lead
  ];
}

/**
 * Whether an entry is what a filter asks for.
 *
 * @param lead which part may be answered by its index; the columns of the others are hidden from the planner, which has no
 * way of knowing how rare what somebody asks for is
 */
export function matches(filter: AuditFilter, lead?: Lead): RawBuilder<SqlBool> {
  const { subject, actor, about, outcome, from, to } = filter;
  const types = typesOf(filter);
  const column = (name: string, owner: Lead) =>
    lead === owner ? sql.ref(`audit.${name}`) : sql`${sql.ref(`audit.${name}`)} || ''`;
  const at = lead === 'time' ? sql.ref('audit.at') : sql`audit.at + 0`;
  const parts = [
    ...(subject === undefined ? [] : [sql`${column('subject_id', 'subject')} = ${subject}`]),
    ...(actor === undefined ? [] : [sql`${column('actor_id', 'actor')} = ${actor}`]),
    ...(about === undefined ? [] : [sql`(audit.actor_id || '' = ${about} or audit.subject_id || '' = ${about})`]),
    ...(types === undefined ? [] : [isAnyOf(column('type', 'types'), types)]),
    ...(from === undefined ? [] : [sql`${at} >= ${from}`]),
    ...(to === undefined ? [] : [sql`${at} < ${to}`]),
    // The outcome has no column. In canonical JSON it stands right before `prev`, and no text can look so: quotation marks
    // within a text are escaped, and no data has these two names side by side.
    ...(outcome === undefined ? [] : [lead === 'failures' ? hasFailed : isOf(outcome)]),
  ];
  return parts.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}

/** To the letter as the index has it: with a parameter it would not be found. */
const hasFailed = sql`audit.entry like '%,"outcome":"failure","prev":"%'`;

function isOf(outcome: string): RawBuilder<unknown> {
  return sql`audit.entry like ${`%,"outcome":"${outcome}","prev":"%`}`;
}

function isAnyOf(column: RawBuilder<unknown>, names: readonly string[]): RawBuilder<unknown> {
  const [only] = names;
  if (only === undefined) return sql`1 = 0`;
  return names.length === 1 ? sql`${column} = ${only}` : sql`${column} in (${sql.join(names)})`;
}
