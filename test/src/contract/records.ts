import { type Change, insert, updateOne } from '@postern/server/storage/change';
import type { Database } from '@postern/server/storage/database';

/** Rows with all that the tables demand; a test names what it is about. */

export function user(id: string, changes: Partial<Database['users']> = {}): Change {
  return insert('users', {
    id,
    name: 'Eve',
    email: `${id}@example.com`,
    roles: '["employee"]',
    active: 1,
    created_at: 1,
    groups: '[]',
    manager_id: null,
    notify: '{}',
    ...changes,
  });
}

export function device(id: string, ownerId: string): Change {
  return insert('devices', {
    id,
    owner_id: ownerId,
    name: 'laptop',
    platform: 'linux',
    agent_version: '0.1.0',
    state: 'active',
    jwk: '{}',
    jkt: `jkt-${id}`,
    key_provider: 'file',
    key_protection: 'software',
    quarantine_cause: null,
    quarantined_at: null,
    enrolled_at: 1,
    exception_epoch: 0,
    ownership: 'unknown',
  });
}

/** Of the length that real ones have. */
const digest = 'By-ZoSx3v8PDWCKFYHmFnrSL7Ndv-ApLHvmrwneMce4';
const receivedAt = 1_700_000_000_000;

export function firstEvidence(deviceId: string): Change {
  return insert('evidence', { device_id: deviceId, seq: 0, hash: digest, received_at: receivedAt });
}

/** What an attestation writes that says the same as the one before it. */
export function unchangedAttestation(deviceId: string, seq: number): Change[] {
  return [
    insert('attestations', { device_id: deviceId, seq, hash: digest, received_at: receivedAt + seq }),
    updateOne('evidence', { device_id: deviceId, seq: seq - 1 }, { seq, hash: digest, received_at: receivedAt + seq }),
  ];
}

export function replay(key: string, expiresAt = 1): Change {
  return insert('replays', { key, expires_at: expiresAt });
}
