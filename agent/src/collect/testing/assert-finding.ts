import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Check } from '@postern/shared/checks/define';
import type { UnknownReason } from '@postern/shared/protocol/reading';
import type { Finding } from '../finding.ts';

/** Reads the fixtures beside a test: `fixturesOf(import.meta.url)('macos-15.txt')`. */
export function fixturesOf(test: string): (name: string) => string {
  return (name) => readFileSync(new URL(`fixtures/${name}`, test), 'utf8');
}

/** The value of a finding, which must be one and must fit the check's schema. */
export function valueOf<Value>(finding: Finding<Value>, check: Check<Value>): Value {
  if (finding.status !== 'ok') assert.fail(`no value but ${finding.status}, ${finding.reason}: ${finding.detail}`);
  assert.ok(finding.method.length <= 200, 'a method of at most 200 characters');
  return check.value.parse(finding.value);
}

/** Why there is no value. The detail must be sentences that fit a reading: a person acts on them. */
export function reasonOf(finding: Finding<unknown>): UnknownReason {
  if (finding.status !== 'unknown') assert.fail(`not unknown but ${JSON.stringify(finding)}`);
  assert.match(finding.detail, /^\S.{15,298}\.$/u);
  return finding.reason;
}
