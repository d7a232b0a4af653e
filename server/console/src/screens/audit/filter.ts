import type { Query } from '../../api/call.ts';
import { t } from '../../strings/index.ts';

/** The parameters of the address. */
export const filterNames = ['type', 'group', 'about', 'actor', 'subject', 'outcome', 'period', 'from', 'to'] as const;
/** What the record is searched by, as it stands in the address. */
export type AuditSearch = Readonly<Partial<Record<(typeof filterNames)[number], string | undefined>>>;

const minute = 60_000;
const periods: Readonly<Record<string, number>> = { '1h': 60, '24h': 1440, '7d': 10_080, '30d': 43_200 };

/** Types of a group, by the first word of their names; undefined for a group that there is not. */
export function typesOf(group: string | undefined): string[] | undefined {
  const found = t.audit.groups.find(({ id }) => id === group);
  return found && Object.keys(t.audit.titles).filter((type) => found.words.includes(type.slice(0, type.indexOf('.'))));
}

/**
 * What the backend is asked, by what stands in the address. A period ends now and begins at a whole minute, so that the same
 * question stays the same for a while.
 */
export function queryOf(search: AuditSearch, now: number): Query {
  const { type, group, about, actor, subject, outcome, period, from, to } = search;
  const minutes = period === undefined || !Object.hasOwn(periods, period) ? undefined : periods[period];
  return {
    type,
    types: type === undefined ? typesOf(group)?.join(',') : undefined,
    about,
    actor,
    subject,
    outcome,
    from: minutes === undefined ? timeOf(from) : new Date(Math.floor(now / minute - minutes) * minute).toISOString(),
    to: minutes === undefined ? timeOf(to) : undefined,
  };
}

/** A time of the address; what is none is left out. */
function timeOf(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** For a field of the kind `datetime-local`: the time here, to the minute. */
export function toField(text: string | undefined): string {
  const time = timeOf(text);
  if (time === undefined) return '';
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * minute).toISOString().slice(0, 16);
}

/** And back; undefined for none. */
export function fromField(text: string): string | undefined {
  return text === '' ? undefined : timeOf(text);
}
