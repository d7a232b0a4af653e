import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { DeviceFacts } from '../../devices/index.ts';
import { countsAsFailing, type Rulebook, voidCause } from '../../policy/index.ts';
import type { RuleFinding } from '../../policy/types.ts';
import { findingsFor, observedOf } from '../observe.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/**
 * What the rules say at approval. An exception that waives nothing is refused rather than kept, and so is one whose
 * device is worse off than what was asked for, and seen by who decides: that is another request. Access departs from no rule.
 *
 * @throws Fault exception_not_needed, exception_changed
 */
export function refuseMoot(
  rulebook: Rulebook,
  facts: DeviceFacts,
  record: ExceptionRecord,
  now: Instant,
): ExceptionRecord['observed'] {
  if (record.kind === 'access') return record.observed;
  return refuseMootFindings(findingsFor(rulebook, facts, record.rules, now), facts, record, now);
}

/**
 * The same, of an exception on a device, by what its rules find.
 *
 * @throws Fault exception_not_needed, exception_changed
 */
export function refuseMootFindings(
  findings: readonly RuleFinding[],
  facts: Pick<DeviceFacts, 'id' | 'owner' | 'jkt'>,
  record: ExceptionRecord,
  now: Instant,
): ExceptionRecord['observed'] {
  if (!findings.some(countsAsFailing)) throw new Fault('exception_not_needed');
  const holder = { findings, personId: facts.owner.id, deviceId: facts.id, jkt: facts.jkt, now };
  const cause = voidCause({ ...holder, exception: asOfToday(record, findings) });
  if (cause?.cause === 'posture-worse') throw new Fault('exception_changed', { members: { reason: cause.sentence } });
  return observedOf(findings);
}

/** What was seen, under the rules of now: that a rule has changed since must not hide that the device got worse. */
function asOfToday(record: ExceptionRecord, findings: readonly RuleFinding[]): ExceptionRecord {
  const hashes = new Map(findings.map(({ rule }) => [rule.reference, rule.hash]));
  const observed = Object.entries(record.observed).map(([reference, seen]) => [
    reference,
    { ...seen, ruleHash: hashes.get(reference) ?? seen.ruleHash },
  ]);
  return { ...record, observed: Object.fromEntries(observed) as ExceptionRecord['observed'] };
}
