import { type Kysely, sql } from 'kysely';
import { systemRandom } from '../../random.ts';
import { createTable, oneOf, type StoreKind } from './define-table.ts';

/**
 * All tables of database.ts. Words are spelt out here and not imported: a migration stays what it was when
 * later versions of the program know more words.
 *
 * `attestations` and `access_tokens` have no foreign key to `devices`, on purpose: they grow with every
 * request, each is written together with a guarded change or a fresh read of its device, devices are never deleted, and
 * PostgreSQL would rewrite the device's row to lock it for every one of them.
 */
export async function up(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await people(db, kind);
  await enrollment(db, kind);
  await devices(db, kind);
  await policyAndExceptions(db, kind);
  await tokens(db, kind);
  await audit(db, kind);
  await sql`insert into meta (key, value) values ('policy_epoch', '0'), ('chain_id', ${systemRandom.secret()})`.execute(db);
}

async function people(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(db, kind, 'meta', { key: 'text', value: 'text' }, { key: ['key'], compact: true });
  await createTable(
    db,
    kind,
    'users',
    { id: 'text', name: 'text', email: 'text', roles: 'text', active: 'integer', created_at: 'integer' },
    { key: ['id'], unique: [['email']], checks: { active: 'active in (0, 1)' } },
  );
  await createTable(
    db,
    kind,
    'api_tokens',
    {
      id: 'text',
      hash: 'text',
      user_id: 'text',
      label: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      revoked_at: 'integer?',
    },
    { key: ['id'], unique: [['hash']], references: { user_id: 'users.id' } },
  );
  await createTable(
    db,
    kind,
    'sign_in_links',
    { hash: 'text', user_id: 'text', created_at: 'integer', expires_at: 'integer', used_at: 'integer?' },
    { key: ['hash'], references: { user_id: 'users.id' }, compact: true },
  );
  await createTable(
    db,
    kind,
    'sessions',
    { hash: 'text', user_id: 'text', created_at: 'integer', expires_at: 'integer', ended_at: 'integer?' },
    { key: ['hash'], references: { user_id: 'users.id' }, compact: true },
  );
  await createTable(
    db,
    kind,
    'gateways',
    {
      id: 'text',
      name: 'text',
      secret_hash: 'text',
      resources: 'text',
      created_at: 'integer',
      removed_at: 'integer?',
    },
    { key: ['id'] },
  );
  await index(db, 'api_tokens', ['user_id']);
  await index(db, 'sign_in_links', ['user_id']);
  await index(db, 'sign_in_links', ['expires_at']);
  await index(db, 'sessions', ['user_id']);
  await index(db, 'sessions', ['expires_at']);
}

async function enrollment(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'enrollment_tokens',
    {
      id: 'text',
      hash: 'text',
      owner_id: 'text',
      uses_left: 'integer',
      pending: 'integer',
      created_by: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      revoked_at: 'integer?',
    },
    {
      key: ['id'],
      unique: [['hash']],
      references: { owner_id: 'users.id' },
      checks: { uses_left: 'uses_left >= 0', pending: 'pending in (0, 1)' },
    },
  );
  await createTable(
    db,
    kind,
    'device_codes',
    {
      hash: 'text',
      user_code: 'text',
      device_name: 'text?',
      remote_address: 'text?',
      state: 'text',
      owner_id: 'text?',
      interval_seconds: 'integer',
      polled_at: 'integer?',
      created_at: 'integer',
      expires_at: 'integer',
    },
    {
      key: ['hash'],
      references: { owner_id: 'users.id' },
      checks: { state: oneOf('state', ['pending', 'approved', 'denied', 'used']) },
    },
  );
  await createTable(
    db,
    kind,
    'enrollments',
    {
      id: 'text',
      challenge: 'text',
      jwk: 'text',
      jkt: 'text',
      provider: 'text',
      name: 'text',
      platform: 'text',
      agent_version: 'text',
      owner_id: 'text',
      pending: 'integer',
      enrollment_token_id: 'text?',
      device_code_hash: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
      finished_at: 'integer?',
    },
    {
      key: ['id'],
      references: { owner_id: 'users.id', enrollment_token_id: 'enrollment_tokens.id' },
      checks: { pending: 'pending in (0, 1)' },
    },
  );
  await index(db, 'enrollment_tokens', ['owner_id']);
  // A user code is short: it may come again, but never stand for two requests that wait.
  await sql`create unique index device_codes_user_code_pending on device_codes (user_code) where state = 'pending'`.execute(db);
  await index(db, 'device_codes', ['expires_at']);
  await index(db, 'enrollments', ['expires_at']);
}

async function devices(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
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
  await index(db, 'devices', ['owner_id']);
  await sql`create index postures_hardware_hash on postures (hardware_hash) where hardware_hash is not null`.execute(db);
  await index(db, 'attestation_documents', ['received_at']);
  await index(db, 'attestation_conflicts', ['device_id', 'received_at']);
  await index(db, 'verdicts', ['device_id', 'at']);
}

async function policyAndExceptions(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
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
  await index(db, 'exceptions', ['device_id', 'state']);
  await index(db, 'exceptions', ['state', 'requested_at']);
  await index(db, 'exceptions', ['person_id']);
  await index(db, 'exceptions', ['extends_id']);
  await index(db, 'exception_slots', ['exception_id']);
}

async function tokens(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'signing_keys',
    {
      kid: 'text',
      alg: 'text',
      public_jwk: 'text',
      private_jwe: 'text',
      created_at: 'integer',
      signs_from: 'integer',
      signs_until: 'integer?',
      removed_at: 'integer?',
    },
    { key: ['kid'] },
  );
  await createTable(
    db,
    kind,
    'access_tokens',
    {
      id: 'text',
      device_id: 'text',
      person_id: 'text',
      resource: 'text',
      scope: 'text?',
      issued_at: 'integer',
      expires_at: 'integer',
      exceptions: 'text',
      revoked_at: 'integer?',
    },
    { key: ['id'] },
  );
  await createTable(db, kind, 'replays', { key: 'text', expires_at: 'integer' }, { key: ['key'], compact: true });
  await index(db, 'access_tokens', ['device_id']);
  await index(db, 'access_tokens', ['expires_at']);
  await index(db, 'replays', ['expires_at']);
}

async function audit(db: Kysely<unknown>, kind: StoreKind): Promise<void> {
  await createTable(
    db,
    kind,
    'audit',
    {
      seq: 'integer',
      at: 'integer',
      type: 'text',
      actor_id: 'text?',
      subject_id: 'text?',
      entry: 'text',
      hash: 'text',
    },
    { key: ['seq'], checks: { seq: 'seq >= 1' } },
  );
  await createTable(
    db,
    kind,
    'audit_texts',
    { seq: 'integer', salt: 'text', text: 'text' },
    { key: ['seq'], references: { seq: 'audit.seq' } },
  );
  await index(db, 'audit', ['at']);
  await index(db, 'audit', ['type', 'seq']);
  await sql`create index audit_subject_id on audit (subject_id, seq) where subject_id is not null`.execute(db);
  await sql`create index audit_actor_id on audit (actor_id, seq) where actor_id is not null`.execute(db);
}

async function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(`${table}_${columns.join('_')}`).on(table).columns(columns).execute();
}
