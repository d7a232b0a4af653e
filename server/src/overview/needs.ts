import type { Role } from '@postern/shared/protocol/admin';
import { type Need, type NeedKind, needKinds } from '@postern/shared/protocol/overview';
import { type Instant, toTimestampOrNull } from '@postern/shared/time';

/** What was counted, before it is known whom it is for. */
export interface Counted {
  count: number;
  isMore?: boolean;
  since?: Instant | null;
  by?: Instant | null;
  /** Not everybody of the role can do something about it, e.g. who wrote it. */
  isTheirs?: boolean;
}

/** Who can do something about it. What admins alone may see is counted for them alone. */
const whose: Readonly<Record<NeedKind, { acts: readonly Role[]; sees: readonly Role[] }>> = {
  'audit-unsigned': { acts: ['admin'], sees: ['admin', 'auditor'] },
  keys: { acts: ['admin'], sees: ['admin', 'auditor'] },
  emergencies: { acts: ['approver', 'admin'], sees: ['approver', 'admin', 'auditor'] },
  requests: { acts: ['approver', 'admin'], sees: ['approver', 'admin', 'auditor'] },
  'reviews-overdue': { acts: ['approver', 'admin'], sees: ['approver', 'admin', 'auditor'] },
  reviews: { acts: ['approver', 'admin'], sees: ['approver', 'admin'] },
  quarantined: { acts: ['admin'], sees: ['approver', 'admin', 'auditor'] },
  'pending-devices': { acts: ['admin'], sees: ['approver', 'admin', 'auditor'] },
  drafts: { acts: ['admin'], sees: ['approver', 'admin', 'auditor'] },
  templates: { acts: ['admin'], sees: ['approver', 'admin', 'auditor'] },
  brakes: { acts: ['admin'], sees: ['approver', 'admin', 'auditor'] },
  streams: { acts: ['admin'], sees: ['admin', 'auditor'] },
  webhooks: { acts: ['admin'], sees: ['admin'] },
  abuse: { acts: ['admin', 'auditor'], sees: ['approver', 'admin', 'auditor'] },
};

export function maySee(kind: NeedKind, roles: readonly Role[]): boolean {
  return whose[kind].sees.some((role) => roles.includes(role));
}

/** What needs somebody: first what they can do something about, and of that what presses most. Pure. */
export function needsOf(counted: Partial<Record<NeedKind, Counted>>, roles: readonly Role[]): Need[] {
  const needs = needKinds.flatMap((kind): Need[] => {
    const found = counted[kind];
    if (found === undefined || found.count === 0 || !maySee(kind, roles)) return [];
    const { count, isMore = false, since = null, by = null, isTheirs = true } = found;
    const isMine = isTheirs && whose[kind].acts.some((role) => roles.includes(role));
    return [{ kind, count, isMore, isMine, since: toTimestampOrNull(since), by: toTimestampOrNull(by) }];
  });
  return [...needs.filter(({ isMine }) => isMine), ...needs.filter(({ isMine }) => !isMine)];
}
