import type { AccessLogEntry } from '@postern/shared/protocol/access';
import { csvOf } from '@postern/shared/csv';

type Cell = string | number | boolean | null;

/** What stands in the columns, in this order. */
const columns: Readonly<Record<string, (entry: AccessLogEntry) => Cell>> = {
  id: ({ id }) => id,
  person: ({ person }) => person.id,
  person_name: ({ person }) => person.name,
  device: ({ device }) => device.id,
  device_name: ({ device }) => device.name,
  resource: ({ resource }) => resource,
  role: ({ role }) => role,
  template: ({ template }) => template,
  emergency: ({ emergency }) => emergency,
  reason_code: ({ reasonCode }) => reasonCode,
  ticket: ({ ticket }) => ticket,
  justification: ({ justification }) => justification,
  requested_at: ({ requestedAt }) => requestedAt,
  requested_by: ({ requestedBy }) => requestedBy.id,
  approved_at: ({ approvedAt }) => approvedAt,
  approved_by: ({ approvedBy }) => approvedBy.map(({ id }) => id).join(' '),
  approved_by_rule: ({ autoApprovedBy }) => autoApprovedBy,
  begun_at: ({ begunAt }) => begunAt,
  expires_at: ({ expiresAt }) => expiresAt,
  state: ({ state }) => state,
  ended_at: ({ endedAt }) => endedAt,
  ended_by: ({ endedBy }) => endedBy?.id ?? null,
  ended_reason: ({ endedReason }) => endedReason,
  seconds_in_force: ({ secondsInForce }) => secondsInForce,
  tokens: ({ tokens }) => tokens.count,
  first_token_at: ({ tokens }) => tokens.first,
  last_token_at: ({ tokens }) => tokens.last,
};

/** The access log as a table for people and their tools. */
export function accessLogCsv(entries: readonly AccessLogEntry[]): string {
  return csvOf(
    Object.keys(columns),
    entries.map((entry) => Object.values(columns).map((read) => read(entry))),
  );
}
