import { idSchema } from '@postern/shared/ids';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { Readings } from '@postern/shared/protocol/reading';
import type { RuleResult, Verdict } from '@postern/shared/protocol/verdict';
import { day, type Instant, hour, toTimestamp } from '@postern/shared/time';
import type { AgentState } from '../state/state.ts';

export const deviceId = `dev_${'1'.repeat(32)}`;
export const userId = `usr_${'2'.repeat(32)}`;
export const exceptionId = `exc_${'3'.repeat(32)}`;
export const enrollmentId = `enr_${'4'.repeat(32)}`;

/** A machine with a firewall that is on or off. */
export function readingsOf(firewall: boolean, at: Instant): Readings {
  const provenance = { method: '/usr/sbin/ufw status', privilege: 'user', collectedAt: toTimestamp(at) } as const;
  return {
    firewall: { status: 'ok', value: { enabled: firewall, provider: 'ufw' }, ...provenance },
    'disk-encryption': {
      status: 'unknown',
      reason: 'permission-denied',
      detail: '/dev/sda may not be read.',
      ...provenance,
    },
  };
}

/** A plan for what readingsOf() answers. */
export function planOf(change: Partial<CollectionPlan> = {}): CollectionPlan {
  return {
    checks: ['disk-encryption', 'firewall'],
    targets: {},
    maxReadingAgeSeconds: 3600,
    identifierKey: null,
    ...change,
  };
}

export function ruleOf(change: Partial<RuleResult> = {}): RuleResult {
  return {
    policy: 'baseline',
    policyVersion: 1,
    rule: 'firewall',
    title: 'Firewall is on',
    check: 'firewall',
    severity: 'high',
    outcome: 'pass',
    standing: 'fine',
    expected: 'A firewall filters what comes in',
    observed: 'ufw, on',
    reason: null,
    since: null,
    deadline: null,
    warnAt: null,
    stage: null,
    reportOnly: false,
    held: null,
    fix: { text: 'Turn on the firewall: sudo ufw enable', link: null },
    exception: null,
    ...change,
  };
}

/** Fine, or blocked since two days. */
export function verdictOf(fine: boolean, at: Instant, rules?: RuleResult[]): Verdict {
  const failing = ruleOf({
    outcome: 'fail',
    standing: 'blocked',
    observed: 'ufw, off',
    since: toTimestamp(at - 2 * day),
    deadline: toTimestamp(at - day),
    warnAt: toTimestamp(at - 36 * hour),
    stage: 'block',
  });
  return {
    status: fine ? 'compliant' : 'non-compliant',
    at: toTimestamp(at),
    validUntil: toTimestamp(at + hour),
    because: fine ? [] : ['baseline/firewall'],
    policies: [{ name: 'baseline', version: 1 }],
    rules: rules ?? [fine ? ruleOf() : failing],
  };
}

/** An enrolled device that has never reported. */
export function stateOf(change: Partial<AgentState> = {}): AgentState {
  return {
    version: 1,
    server: { url: 'http://127.0.0.1:7420', issuer: 'http://127.0.0.1:7420', insecureHttp: false },
    device: {
      id: idSchema('device').parse(deviceId),
      name: 'ada-laptop',
      owner: { id: idSchema('user').parse(userId), name: 'Ada' },
      state: 'active',
      keyProtection: 'software',
    },
    key: { provider: 'file', thumbprint: 't'.repeat(43), handle: { file: 'device.key' } },
    enrolledAt: '2026-11-21T09:00:00.000Z',
    attestEverySeconds: 900,
    seq: 0,
    prev: null,
    unacknowledged: [],
    lastSent: null,
    lastAnswer: null,
    plan: planOf(),
    clockOffsetMs: 0,
    ...change,
  };
}
