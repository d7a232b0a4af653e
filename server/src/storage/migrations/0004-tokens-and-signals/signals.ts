import { type Kysely, sql } from 'kysely';
import { createIndex, createTable, oneOf, type StoreKind } from '../define-table.ts';

export async function signals(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'ssf_streams',
    {
      id: 'text',
      gateway_id: 'text',
      description: 'text?',
      delivery: 'text',
      endpoint: 'text?',
      authorization_jwe: 'text?',
      events_requested: 'text',
      status: 'text',
      status_reason: 'text?',
      created_at: 'integer',
      verified_at: 'integer?',
      failing_since: 'integer?',
      attempts: 'integer',
      next_at: 'integer',
      delivered_at: 'integer?',
      last_error: 'text?',
      version: 'integer',
    },
    {
      key: ['id'],
      references: { gateway_id: 'gateways.id' },
      unique: [['gateway_id']],
      checks: {
        delivery: oneOf('delivery', ['push', 'poll']),
        status: oneOf('status', ['enabled', 'paused', 'disabled']),
      },
    },
  );
  await createTable(
    db,
    kind,
    'ssf_events',
    {
      stream_id: 'text',
      jti: 'text',
      position: 'integer',
      type: 'text',
      claims: 'text',
      happened_at: 'integer',
      created_at: 'integer',
    },
    { key: ['stream_id', 'jti'], references: { stream_id: 'ssf_streams.id' } },
  );
  await createIndex(db, 'ssf_events', ['stream_id', 'position']);
  await createTable(
    db,
    kind,
    'device_trust',
    {
      device_id: 'text',
      status: 'text',
      reason: 'text',
      except_for: 'text',
      since: 'integer',
      next_at: 'integer?',
      version: 'integer',
    },
    {
      key: ['device_id'],
      references: { device_id: 'devices.id' },
      checks: { status: oneOf('status', ['compliant', 'not-compliant']) },
    },
  );
  await createIndex(db, 'device_trust', ['next_at']);
  await sql`create index device_trust_stale on device_trust (device_id) where reason = 'evidence_stale'`.execute(db);
}
