import { type Kysely, sql } from 'kysely';
import { createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function devices(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'devices',
    {
      id: 'text',
      owner_id: 'text',
      name: 'text',
      platform: 'text',
      agent_version: 'text',
      state: 'text',
      jwk: 'text',
      jkt: 'text',
      key_provider: 'text',
      key_protection: 'text',
      quarantine_cause: 'text?',
      quarantined_at: 'integer?',
      enrolled_at: 'integer',
      exception_epoch: 'integer',
    },
    {
      key: ['id'],
      unique: [['jkt']],
      references: { owner_id: 'users.id' },
      checks: {
        state: oneOf('state', ['pending', 'active', 'suspended', 'retired']),
        quarantine: '(quarantine_cause is null) = (quarantined_at is null)',
      },
    },
  );
  await createTable(
    db,
    kind,
    'evidence',
    { device_id: 'text', seq: 'integer', hash: 'text', received_at: 'integer' },
    { key: ['device_id'], references: { device_id: 'devices.id' }, compact: true, rewritten: true },
  );
  await createTable(
    db,
    kind,
    'postures',
    {
      device_id: 'text',
      seq: 'integer',
      readings: 'text',
      readings_hash: 'text',
      failing_since: 'text',
      hardware_hash: 'text?',
      changed_at: 'integer',
    },
    { key: ['device_id'], references: { device_id: 'devices.id' } },
  );
  await createTable(
    db,
    kind,
    'hardware',
    { device_id: 'text', field: 'text', hash: 'text' },
    { key: ['device_id', 'field', 'hash'], references: { device_id: 'devices.id' }, compact: true },
  );
  await createTable(
    db,
    kind,
    'attestations',
    { device_id: 'text', seq: 'integer', hash: 'text', received_at: 'integer' },
    { key: ['device_id', 'seq'], compact: true },
  );
  await createTable(
    db,
    kind,
    'attestation_documents',
    { device_id: 'text', seq: 'integer', received_at: 'integer', jws: 'text' },
    { key: ['device_id', 'seq'], references: { device_id: 'devices.id' } },
  );
  await createTable(
    db,
    kind,
    'attestation_conflicts',
    {
      id: 'text',
      device_id: 'text',
      seq: 'integer',
      hash: 'text',
      prev: 'text?',
      received_at: 'integer',
      remote_address: 'text?',
      cause: 'text',
      jws: 'text',
    },
    { key: ['id'], references: { device_id: 'devices.id' } },
  );
  await createTable(
    db,
    kind,
    'verdicts',
    {
      id: 'text',
      device_id: 'text',
      at: 'integer',
      seq: 'integer',
      status: 'text',
      policies: 'text',
      rules: 'text',
    },
    { key: ['id'], references: { device_id: 'devices.id' } },
  );
  await createIndex(db, 'devices', ['owner_id']);
  await sql`create index postures_hardware_hash on postures (hardware_hash) where hardware_hash is not null`.execute(
    db,
  );
  await createIndex(db, 'hardware', ['hash']);
  await createIndex(db, 'attestation_documents', ['received_at']);
  await createIndex(db, 'attestation_conflicts', ['device_id', 'received_at']);
  await createIndex(db, 'verdicts', ['device_id', 'at']);
}
