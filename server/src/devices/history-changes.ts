import { canonicalJson } from '@postern/shared/canonical';
import { findCheck } from '@postern/shared/checks/catalogue';
import type { DeviceHistoryItem } from '@postern/shared/protocol/fleet';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import type { VerdictStatus } from '@postern/shared/protocol/verdict';
import { own } from '@postern/shared/own';

type VerdictChange = NonNullable<DeviceHistoryItem['verdict']>;
type RuleStandings = Record<string, NonNullable<VerdictChange['rules'][number]['to']>>;
type CheckChange = NonNullable<DeviceHistoryItem['checks']>[number];

/** A verdict as the history keeps it. */
export interface KeptVerdict {
  status: string;
  policies: string;
  rules: string;
}

/** What a verdict says otherwise than the one before it. Pure. */
export function verdictChange(before: KeptVerdict | undefined, after: KeptVerdict): VerdictChange {
  const from = before === undefined ? {} : (JSON.parse(before.rules) as RuleStandings);
  const to = JSON.parse(after.rules) as RuleStandings;
  const rules = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  return {
    from: before === undefined ? null : (before.status as VerdictStatus),
    to: after.status as VerdictStatus,
    policies: JSON.parse(after.policies) as VerdictChange['policies'],
    rules: rules
      .map((rule) => ({ rule, from: own(from, rule) ?? null, to: own(to, rule) ?? null }))
      .filter((each) => canonicalJson(each.from) !== canonicalJson(each.to)),
  };
}

/** Checks that read otherwise than before, whenever and however they were read. Pure. */
export function checkChanges(before: Readings, after: Readings): CheckChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .map((check) => ({
      check,
      title: findCheck(check)?.title ?? check,
      from: own(before, check) ?? null,
      to: own(after, check) ?? null,
    }))
    .filter(({ from, to }) => whatItSays(from) !== whatItSays(to));
}

function whatItSays(reading: Reading | null): string {
  if (reading === null) return '';
  return reading.status === 'ok'
    ? canonicalJson({ value: reading.value })
    : canonicalJson({ status: reading.status, reason: reading.reason });
}
