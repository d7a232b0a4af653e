import type { Impact } from '@postern/shared/protocol/impact';

/** What a backend says before a request for eight hours; a rule `base/never` is refused. */
export function impactOf(rules: readonly string[], expiresAt: string): Impact {
  const rule = { title: 'The firewall is on', severity: 'high', expected: 'on', observed: 'off' } as const;
  return {
    waived: rules.map((each) => ({ ...rule, rule: each, outcome: 'fail' })),
    enforced: [{ ...rule, rule: 'base/disk', title: 'The disk is encrypted', standing: 'blocked' }],
    resources: [
      {
        name: 'https://wiki.example',
        tier: null,
        openBefore: false,
        openAfter: true,
        tokenLifeSecondsBefore: 0,
        tokenLifeSecondsAfter: 300,
      },
    ],
    moreResources: 2,
    told: { count: 3, people: [{ name: 'Bob', why: 'approver' }] },
    time: { durationSeconds: 28_800, beginsAt: expiresAt, expiresAt },
    plan: {
      template: null,
      stages: [{ title: 'Security', groups: null, manager: false, approvals: 1 }],
      stepUp: { request: 'none', approval: 'none' },
      autoApprovedBy: null,
      emergency: false,
      risk: {
        score: 20,
        inputs: [{ name: 'severity', value: 'high', points: 20, sentence: 'A rule of high severity' }],
      },
      conditions: [],
    },
    refusals: rules.includes('base/never')
      ? [{ code: 'exception_not_allowed', sentence: 'The policy does not allow it.', details: [] }]
      : [],
  };
}
