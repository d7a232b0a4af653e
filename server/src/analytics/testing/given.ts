import { day, hour, type Instant, minute } from '@postern/shared/time';
import type { RequestFact, VoteFact } from '../facts.ts';

/** A Monday. */
export const noon: Instant = Date.parse('2026-11-23T12:00:00Z');

let made = 0;

/** An exception of two hours that began an hour ago, or as said. */
export function aRequest(changes: Partial<RequestFact> = {}): RequestFact {
  made += 1;
  return {
    id: `exc_${made}`,
    kind: 'device',
    state: 'active',
    personId: 'usr_erin',
    requestedBy: changes.personId ?? 'usr_erin',
    deviceId: 'dev_1',
    rules: ['base/firewall'],
    resources: [],
    template: null,
    emergency: false,
    durationMs: 2 * hour,
    templateMaxMs: Number.MAX_SAFE_INTEGER,
    justification: `j${made}`,
    extendsId: null,
    setId: null,
    requestedAt: noon - hour - minute,
    lapsesAt: noon + day,
    approvedAt: noon - hour,
    beginsAt: noon - hour,
    expiresAt: noon + hour,
    endedAt: null,
    ...changes,
  };
}

export function aVote(request: RequestFact, changes: Partial<VoteFact> = {}): VoteFact {
  const at = request.approvedAt ?? request.requestedAt + minute;
  return { exceptionId: request.id, actorId: 'usr_bob', verdict: 'approve', at, viewedAt: null, ...changes };
}

/** So many, each made with its number from 0. */
export function many<Item>(count: number, make: (number: number) => Item): Item[] {
  return Array.from({ length: count }, (_, number) => make(number));
}
