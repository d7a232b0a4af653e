import type { Instant } from '@postern/shared/time';
import type { DeviceFacts } from '../devices/index.ts';
import { type Change, updateOne } from '../storage/change.ts';
import type { Unit } from '../storage/store.ts';
import type { Granted } from './decide.ts';

/**
 * What is written with a token that leans on exceptions: that each is still in force, so that none is issued in the instant
 * after somebody ended one; and for temporary access that begins with its first use, its beginning, once.
 *
 * @param given.versions of the exceptions, as they were read
 */
export function holdExceptions(
  given: { facts: DeviceFacts; decision: Granted; versions: ReadonlyMap<string, number> },
  now: Instant,
): Unit {
  const { facts, decision, versions } = given;
  const { grant, exceptions } = decision;
  // Nothing changes: what counts is that the row is still found.
  const stillActive = (id: string): Change => updateOne('exceptions', { id, state: 'active' }, { state: 'active' });
  const held = exceptions.map(stillActive);
  if (grant === null) return { changes: held, audit: [] };
  if (grant.begin === null) return { changes: [...held, stillActive(grant.id)], audit: [] };

  const { at, expiresAt } = grant.begin;
  const version = versions.get(grant.id) ?? 0;
  const begun = updateOne(
    'exceptions',
    { id: grant.id, state: 'active', begins_at: null, version },
    // A reminder of the time to begin it is none of its end.
    { begins_at: at, expires_at: expiresAt, version: version + 1, reminded_ms: null },
  );
  return {
    changes: [...held, begun],
    audit: [
      {
        at: now,
        type: 'exception.begun',
        outcome: 'success',
        actor: { kind: 'device', id: facts.id },
        subject: { kind: 'exception', id: grant.id },
        data: { person: facts.owner.id, device: facts.id, rules: [], role: grant.role, beginsAt: at, expiresAt },
      },
    ],
  };
}
