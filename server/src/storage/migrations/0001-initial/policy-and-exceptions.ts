import { type Kysely, sql } from 'kysely';
import { createIndex, createTable, type StoreKind } from '../define-table.ts';

export async function policyAndExceptions(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'policies',
    {
      name: 'text',
      version: 'integer',
      title: 'text',
      document: 'text',
      published_by: 'text',
      published_at: 'integer',
      current: 'integer',
    },
    { key: ['name', 'version'], checks: { current: 'current in (0, 1)' } },
  );
  await createTable(
    db,
    kind,
    'exceptions',
    {
      id: 'text',
      kind: 'text',
      state: 'text',
      person_id: 'text',
      requested_by: 'text',
      device_id: 'text',
      jkt: 'text',
      rules: 'text',
      resources: 'text',
      observed: 'text',
      duration_ms: 'integer',
      justification: 'text',
      ticket: 'text?',
      request_hash: 'text',
      approvals_needed: 'integer',
      extends_id: 'text?',
      requested_at: 'integer',
      lapses_at: 'integer',
      approved_at: 'integer?',
      expires_at: 'integer?',
      ended_at: 'integer?',
      ended_by: 'text?',
      ended_reason: 'text?',
      version: 'integer',
    },
    {
      key: ['id'],
      references: { person_id: 'users.id', device_id: 'devices.id', extends_id: 'exceptions.id' },
      checks: {
        // What is approved has an end: no exception lasts for ever.
        approval: "state <> 'active' or (approved_at is not null and expires_at is not null)",
        duration: 'duration_ms > 0',
        approvals_needed: 'approvals_needed >= 1',
      },
    },
  );
  await createTable(
    db,
    kind,
    'exception_decisions',
    {
      exception_id: 'text',
      actor_id: 'text',
      verdict: 'text',
      reason: 'text?',
      at: 'integer',
      request_hash: 'text',
    },
    { key: ['exception_id', 'actor_id'], references: { exception_id: 'exceptions.id', actor_id: 'users.id' } },
  );
  await createTable(
    db,
    kind,
    'exception_slots',
    { person_id: 'text', device_id: 'text', rule: 'text', resource: 'text', exception_id: 'text' },
    {
      key: ['person_id', 'device_id', 'rule', 'resource'],
      references: { exception_id: 'exceptions.id' },
      compact: true,
    },
  );
  await sql`create unique index policies_current on policies (name) where current = 1`.execute(db);
  await createIndex(db, 'exceptions', ['device_id', 'state']);
  await createIndex(db, 'exceptions', ['state', 'requested_at']);
  await createIndex(db, 'exceptions', ['person_id']);
  await createIndex(db, 'exceptions', ['extends_id']);
  await createIndex(db, 'exception_slots', ['exception_id']);
}
