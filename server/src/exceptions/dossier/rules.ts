import type { EvidenceRule } from '@postern/shared/protocol/evidence';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { type DeviceFacts, standingOf } from '../../devices/index.ts';
import { describeValue, type Rulebook } from '../../policy/index.ts';
import { decide } from '../../tokens/index.ts';
import { gravest, listedResources } from '../impact/impact-of.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/** Where a device stands now with every rule that concerns what an exception is for, by reference. Pure. */
export function resultsNow(
  { facts, rulebook, guarded }: { facts: DeviceFacts; rulebook: Rulebook; guarded: ReadonlySet<string> },
  { resources }: Pick<ExceptionRecord, 'resources'>,
  now: Instant,
): Map<string, RuleResult> {
  return gravest([
    ...(standingOf(facts, rulebook, null, now)?.verdict.rules ?? []),
    ...listedResources(resources, guarded).flatMap((name) => decide(facts, rulebook, name, now).verdict?.rules ?? []),
  ]);
}

/** What a rule found when it was asked for. */
export function atRequest({ observed }: ExceptionRecord, reference: string): EvidenceRule['atRequest'] {
  const seen = observed[reference];
  if (seen === undefined) return null;
  return { outcome: seen.outcome, observed: seen.value === null ? null : describeValue(seen.value) };
}
