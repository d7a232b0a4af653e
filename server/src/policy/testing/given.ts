import type { Json } from '@postern/shared/canonical';
import type { Reading, Readings, UnsupportedReason } from '@postern/shared/protocol/reading';
import { policyDocumentSchema } from '@postern/shared/protocol/policy';
import { compilePolicy } from '../compile.ts';
import type { CompiledPolicy, ExceptionFacts, RuleFinding } from '../types.ts';

/** A Wednesday at noon. */
export const noon = Date.parse('2026-11-18T12:00:00.000Z');

export interface GivenRule {
  [member: string]: unknown;
  id: string;
}

/** A rule about the firewall, unless told otherwise. */
export function aRule(rule: Partial<GivenRule> = {}): GivenRule {
  return {
    id: 'firewall',
    title: 'Firewall',
    check: 'firewall',
    require: 'value.enabled',
    expected: 'It is on.',
    ...rule,
  };
}

export function aPolicy(
  rules: GivenRule[] = [aRule()],
  rest: Record<string, unknown> = {},
  version = 1,
): CompiledPolicy {
  return compilePolicy(policyDocumentSchema.parse({ policy: 'test', title: 'Test', rules, ...rest }), version);
}

const provenance = { method: 'a test', privilege: 'user', collectedAt: '2026-11-18T11:59:00.000Z' } as const;

export function ok(value: Json): Reading {
  return { status: 'ok', value, ...provenance };
}

export function unknown(detail = 'cannot open /dev/x'): Reading {
  return { status: 'unknown', reason: 'permission-denied', detail, ...provenance };
}

export function unsupported(reason: UnsupportedReason = 'platform'): Reading {
  return { status: 'unsupported', reason, detail: '', ...provenance };
}

export const firewallOn: Readings = { firewall: ok({ enabled: true, provider: 'ufw' }) };
export const firewallOff: Readings = { firewall: ok({ enabled: false, provider: 'ufw' }) };

/** An exception from test/firewall that was approved an hour before noon, ends an hour after it and fits the findings. */
export function anException(findings: readonly RuleFinding[], rest: Partial<ExceptionFacts> = {}): ExceptionFacts {
  const observed = findings.map(({ rule, policy, outcome, value }) => [
    rule.reference,
    { ruleHash: rule.hash, policyVersion: policy.version, outcome, value },
  ]);
  return {
    id: 'exc_00000000000000000000000000000001',
    kind: 'device',
    role: null,
    durationMs: 7_200_000,
    beginsAt: noon - 3_600_000,
    personId: 'anna',
    deviceId: 'laptop',
    jkt: 'key',
    rules: ['test/firewall'],
    resources: [],
    observed: Object.fromEntries(observed),
    state: 'active',
    approvedAt: noon - 3_600_000,
    expiresAt: noon + 3_600_000,
    endedAt: null,
    ...rest,
  };
}
