import { type Instant, toTimestamp } from '@postern/shared/time';
import type { ReportRow, RequestFact } from '../facts.ts';

/** A token that was refused because of the posture of its device. */
export interface RefusalFact {
  deviceId: string;
  resource: string;
  rules: readonly string[];
  at: Instant;
}

/**
 * Tries to use an exception for more than it was granted for: the device asked for a resource that the exception does not
 * name, and was refused because of the very rules that it waives elsewhere.
 */
export function outsideScope(requests: readonly RequestFact[], refusals: readonly RefusalFact[]): ReportRow[] {
  const byDevice = Map.groupBy(requests.filter(isNarrow), ({ deviceId }) => deviceId);
  const found = new Map<string, { request: RequestFact; resource: string; count: number; last: Instant }>();
  for (const refusal of refusals) {
    for (const request of byDevice.get(refusal.deviceId) ?? []) {
      if (!isOutside(request, refusal)) continue;
      const { resource, at } = refusal;
      const key = JSON.stringify([request.id, resource]);
      const before = found.get(key) ?? { request, resource, count: 0, last: at };
      found.set(key, { ...before, count: before.count + 1, last: Math.max(before.last, at) });
    }
  }
  return [...found.values()].map(({ request, resource, count, last }) => ({
    subject: `${request.id} ${resource}`,
    about: [
      { kind: 'exception', id: request.id },
      { kind: 'person', id: request.personId },
      { kind: 'device', id: request.deviceId },
      { kind: 'resource', id: resource },
    ],
    values: { attempts: count, last: toTimestamp(last) },
    flagged: true,
    sentence: `A device under an exception for other resources asked ${count} times for ${resource}.`,
  }));
}

/** An exception for every resource cannot be used for more. */
export function isNarrow({ kind, resources, beginsAt }: RequestFact): boolean {
  return kind === 'device' && resources.length > 0 && beginsAt !== null;
}

function isOutside({ rules, resources, beginsAt, expiresAt, endedAt }: RequestFact, refusal: RefusalFact): boolean {
  const ends = endedAt ?? expiresAt;
  return (
    beginsAt !== null &&
    beginsAt <= refusal.at &&
    (ends === null || refusal.at < ends) &&
    !resources.includes(refusal.resource) &&
    refusal.rules.some((rule) => rules.includes(rule))
  );
}
