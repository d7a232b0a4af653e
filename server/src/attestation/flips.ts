import { own } from '@postern/shared/own';
import { pendingUpdates } from '@postern/shared/checks/pending-updates';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import { type DeviceFacts, subjectOf } from '../devices/index.ts';
import {
  type Brake,
  buildOf,
  countsAsFailing,
  evaluateAll,
  type Flips,
  isHeldBy,
  type Rulebook,
} from '../policy/index.ts';
import type { RuleFinding } from '../policy/types.ts';
import { type Change, insert } from '../storage/change.ts';
import { isSameReading } from './same-readings.ts';

/** These change on all devices at once in good order, whenever the maker of the system publishes something. */
const expectedTogether: ReadonlySet<string> = new Set([pendingUpdates.id]);

/**
 * Which checks went from passing to standing in the way with these readings, beside those that did so before and do not
 * pass yet, on the same build. Judged by the same rules before and after, so that a policy that was raised flips nothing; and only by rules
 * that can close access: where nothing is at stake, nothing needs to be held.
 */
export function flipsAfter(facts: DeviceFacts, readings: Readings, rulebook: Rulebook, now: Instant): Flips {
  const { posture } = facts;
  if (posture === null) return {};
  const given = { rulebook, subject: subjectOf(facts), held: new Map(), failingSince: {}, now };
  const before = stateByCheck(evaluateAll({ ...given, readings: posture.readings }));
  // Who leaves a build leaves its brake: no change that was made on another one is held there later.
  const earlier = buildOf(readings) === posture.build ? posture.flips : {};
  const flips: Record<string, Flips[string]> = {};
  for (const [check, state] of stateByCheck(evaluateAll({ ...given, readings }))) {
    if (state === 'passing' || expectedTogether.has(check)) continue;
    const known = own(earlier, check);
    const passed = own(posture.readings, check);
    const turned = state === 'in-the-way' && before.get(check) === 'passing';
    if (turned && passed !== undefined && !isSameReading(own(readings, check), passed))
      flips[check] = { at: now, before: passed };
    else if (known !== undefined) flips[check] = known;
  }
  return flips;
}

/** `passing`: every rule that could close access passes. `in-the-way`: one of them counts as failing. */
type CheckState = 'passing' | 'undecided' | 'in-the-way';

function stateByCheck(findings: readonly RuleFinding[]): Map<string, CheckState> {
  const states = new Map<string, CheckState>();
  for (const finding of findings) {
    const { rule, outcome, reportOnly } = finding;
    if (reportOnly || rule.timeToFixMs === null || outcome === 'not-applicable') continue;
    const state = outcome === 'pass' ? 'passing' : countsAsFailing(finding) ? 'in-the-way' : 'undecided';
    states.set(rule.document.check, worse(states.get(rule.document.check), state));
  }
  return states;
}

const severity: Readonly<Record<CheckState, number>> = { passing: 0, undecided: 1, 'in-the-way': 2 };

function worse(one: CheckState | undefined, other: CheckState): CheckState {
  return one !== undefined && severity[one] > severity[other] ? one : other;
}

/**
 * The rows by which the brake counts devices; none where the build is not known. A device that turns while a brake holds
 * already keeps its verdict, so that nothing else would tell of it: that goes into the audit.
 */
export function flipRecords(
  facts: DeviceFacts,
  { flips, build, brakes }: { flips: Flips; build: string | null; brakes: readonly Brake[] },
  now: Instant,
): { changes: Change[]; audit: AuditEvent[] } {
  if (build === null) return { changes: [], audit: [] };
  const turned = Object.entries(flips).filter(([, { at }]) => at === now);
  const device = { platform: facts.platform, build };
  return {
    // Only ever inserts: half a fleet may turn at once, and a delete would cost each of them a transaction of its own.
    changes: turned.map(([check]) =>
      insert('check_flips', {
        check_id: check,
        platform: facts.platform,
        os_build: build,
        device_id: facts.id,
        at: now,
      }),
    ),
    audit: brakes
      .filter((brake) => turned.some(([check, flip]) => isHeldBy(brake, device, check, flip, now)))
      .map((brake) => ({
        at: now,
        type: 'brake.held',
        outcome: 'success',
        actor: { kind: 'device', id: facts.id },
        subject: { kind: 'device', id: facts.id },
        data: { brake: brake.id, check: brake.check, build },
      })),
  };
}
