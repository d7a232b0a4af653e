import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import type { Unit } from '../storage/store.ts';
import { epochKeys, type KeyPlan } from './key-plan-storage.ts';
import { overlapMs, type Succession } from './signing-key-plan.ts';
import type { NewKey } from './signing-key-vault.ts';
import type { KeyUse } from './signing-keys.ts';

interface Successor extends NewKey {
  use: KeyUse;
  signsFrom: Instant;
  cause: Succession['cause'] | 'emergency';
  actor: Actor;
}

/** The unit that puts a new key into the plan. Its last change holds only while the plan is as it was read. */
export function succession(
  plan: KeyPlan,
  { kid, publicJwk, sealed, use, signsFrom, cause, actor }: Successor,
  now: Instant,
): Unit {
  const made = insert('signing_keys', {
    kid,
    alg: publicJwk.alg,
    public_jwk: JSON.stringify(publicJwk),
    use,
    private_jwe: sealed,
    created_at: now,
    signs_from: signsFrom,
    signs_until: null,
    removed_at: null,
  });
  const predecessors = cause === 'emergency' ? plan.keys : plan.keys.filter((key) => key.signsUntil === null);
  const ended = predecessors.map((key) =>
    updateOne(
      'signing_keys',
      { kid: key.kid },
      { signs_until: signsFrom, removed_at: cause === 'emergency' ? now : signsFrom + overlapMs },
    ),
  );
  const epoch: Change =
    plan.epoch === null
      ? insert('meta', { key: epochKeys[use], value: kid })
      : updateOne('meta', { key: epochKeys[use], value: plan.epoch }, { value: kid });
  return {
    changes: [made, ...ended, epoch],
    audit: [
      {
        at: now,
        type: 'signing-key.rotated',
        outcome: 'success',
        actor,
        subject: { kind: 'signing-key', id: kid },
        data: { use, cause, signsFrom: toTimestamp(signsFrom), predecessors: predecessors.map((key) => key.kid) },
      },
    ],
  };
}
