import type { Readings } from '@postern/shared/protocol/reading';
import { minute } from '@postern/shared/time';
import type { DeviceFacts } from '../../devices/index.ts';
import type { CompiledPolicy } from '../../policy/types.ts';
import { aRulebook } from '../../policy/testing/evaluate.ts';
import { firewallOn, noon } from '../../policy/testing/given.ts';
import type { Rulebook } from '../../policy/rulebook.ts';
import { compare, type Comparison } from '../comparison.ts';

/** Anna's laptop, which reported ten minutes before noon. */
export function someFacts(readings: Readings = firewallOn, rest: Partial<DeviceFacts> = {}): DeviceFacts {
  return {
    id: 'laptop',
    name: "Anna's laptop",
    platform: 'linux',
    agentVersion: '0.1.0',
    state: 'active',
    jwk: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
    jkt: 'key',
    keyProvider: 'file',
    keyProtection: 'software',
    ownership: 'corporate',
    quarantine: null,
    enrolledAt: noon - 1000 * minute,
    exceptionEpoch: 0,
    owner: { id: 'anna', name: 'Anna', email: 'anna@example.com', groups: ['staff'], active: true },
    evidence: { seq: 3, hash: 'h'.repeat(43), receivedAt: noon - 10 * minute },
    posture: {
      seq: 3,
      readings,
      readingsHash: 'r',
      failingSince: {},
      hardwareHash: null,
      flips: {},
      build: '6.8.0-45',
    },
    exceptions: [],
    policyEpoch: '1',
    ...rest,
  };
}

/** The policy `test` as it is (or none), and as it would be. */
export function compared(
  current: readonly CompiledPolicy[],
  draft: CompiledPolicy,
  rest: Partial<Rulebook> = {},
): Comparison {
  return compare(aRulebook({ policies: current, ...rest }), draft, { identifiers: 'plain', identifierKey: null });
}
