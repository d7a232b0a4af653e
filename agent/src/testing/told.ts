import { toTimestamp, type Instant } from '@postern/shared/time';
import { exceptionId } from './documents.ts';

/** A scenario that demands a little of everything. */
export const offeredTemplate = {
  name: 'travelling',
  version: 1,
  kind: 'device',
  title: 'Travelling',
  description: 'Another machine while yours is away.',
  impact: 'The machine is not managed.',
  emergency: false,
  ownership: ['personal'],
  checks: ['firewall'],
  rules: null,
  resources: null,
  tiers: null,
  mustNameResources: true,
  durationsSeconds: [28_800, 86_400],
  maxDurationSeconds: 259_200,
  maxTotalSeconds: null,
  begins: 'approval',
  stages: [
    { title: 'Your manager', groups: null, manager: true, approvals: 1 },
    { title: 'Security', groups: ['security'], manager: false, approvals: 2 },
  ],
  stepUp: { request: 'second-factor', approval: 'none' },
  reasonCodes: [{ code: 'lost', title: 'The device is lost' }],
  ticket: 'required',
  conditions: ['A critical resource'],
};

/** A notice of a type that this agent does not know, with text that somebody wrote to move the cursor. */
export function noticeFromTomorrow(now: Instant) {
  return {
    id: 'ntc_0197a3f0c2d87b6e9f4c1a2b3c4d5e6f',
    type: 'exception.teleported',
    at: toTimestamp(now),
    title: 'Your exception ends in 10 minutes',
    facts: [{ label: 'Rules', value: 'baseline/firewall' }],
    text: 'It is\u001b[2J replaced',
    subject: exceptionId,
    readAt: null,
  };
}
