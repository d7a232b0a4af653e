import { day, hour, type Instant, sayDuration, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import { isGranted, isInForce, isWaiting, type ReportRow, type RequestFact } from '../facts.ts';
import { exceeds, percentOf, thresholds } from '../thresholds.ts';

/** Of one rule: devices that do not pass it, and those of them that are excepted from it. */
export interface RuleTally {
  failing: number;
  excepted: number;
}

/** Devices under an exception in force, by rule. */
export function exceptedDevices(requests: readonly RequestFact[], now: Instant): Map<string, Set<string>> {
  const excepted = new Map<string, Set<string>>();
  for (const request of requests) {
    if (request.kind !== 'device' || !isInForce(request, now)) continue;
    for (const rule of request.rules) {
      const devices = excepted.get(rule) ?? new Set();
      excepted.set(rule, devices.add(request.deviceId));
    }
  }
  return excepted;
}

/** Where many of those who fail a rule are excepted from it, the rule may ask for too much. */
export function exceptionRate(tallies: ReadonlyMap<string, RuleTally>): ReportRow[] {
  const { percent, excepted: least } = thresholds.exceptionRate;
  return [...tallies].map(([rule, { failing, excepted }]) => ({
    subject: rule,
    about: [{ kind: 'rule', id: rule }],
    values: { excepted, failing, percent: percentOf(excepted, failing) },
    flagged: excepted >= least && exceeds(excepted, failing, percent),
    sentence: `${excepted} of ${failing} devices that fail ${rule} are excepted from it.`,
  }));
}

/** All that waits or was granted and is not over. */
export function outstanding(requests: readonly RequestFact[], now: Instant): ReportRow[] {
  return requests
    .filter((request) => isGranted(request, now) || isWaiting(request, now))
    .map((request) => rowOf(request, isWaiting(request, now) ? 'It waits for a decision.' : endsIn(request, now)));
}

/** What ends soon. */
export function expiring(requests: readonly RequestFact[], now: Instant): ReportRow[] {
  return requests
    .filter((request) => isGranted(request, now) && endOf(request) - now <= 7 * day)
    .map((request) =>
      rowOf(request, endsIn(request, now), { values: { within: endOf(request) - now <= day ? '24h' : '7d' } }),
    );
}

/**
 * What was granted and nobody leaned on.
 *
 * @param used ids of those that a token was issued under
 */
export function unused(requests: readonly RequestFact[], used: ReadonlySet<string>, now: Instant): ReportRow[] {
  return mayBeUnused(requests, now)
    .filter(({ id }) => !used.has(id))
    .map((request) => {
      const hours = Math.floor((now - startOf(request)) / hour);
      return rowOf(request, `In ${hours} hours no token was issued under it.`, { flagged: true });
    });
}

/** Those that had time enough to be used. */
export function mayBeUnused(requests: readonly RequestFact[], now: Instant): RequestFact[] {
  return requests.filter((request) => isGranted(request, now) && now - startOf(request) >= thresholds.unusedMs);
}

/** One that waits for its first use waits since it was approved; one that begins later has not begun to wait. */
function startOf({ beginsAt, approvedAt, requestedAt }: RequestFact): Instant {
  return beginsAt ?? approvedAt ?? requestedAt;
}

function endOf({ expiresAt, lapsesAt }: RequestFact): Instant {
  return expiresAt ?? lapsesAt;
}

function endsIn(request: RequestFact, now: Instant): string {
  return `It ends in ${sayDuration(endOf(request) - now)}.`;
}

function rowOf(
  request: RequestFact,
  sentence: string,
  more: Partial<Pick<ReportRow, 'values' | 'flagged'>> = {},
): ReportRow {
  const { id, personId, deviceId, beginsAt } = request;
  return {
    subject: id,
    about: [
      { kind: 'exception', id },
      { kind: 'person', id: personId },
      { kind: 'device', id: deviceId },
    ],
    values: {
      kind: request.kind,
      rules: request.rules.join(' '),
      resources: request.resources.join(' '),
      state: request.state,
      requestedAt: toTimestamp(request.requestedAt),
      beginsAt: toTimestampOrNull(beginsAt),
      endsAt: toTimestamp(endOf(request)),
      ...more.values,
    },
    flagged: more.flagged ?? false,
    sentence,
  };
}
