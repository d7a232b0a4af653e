import type { Database, TableName } from './database.ts';

type ColumnKind<V> = null extends V ? `${PlainKind<NonNullable<V>>}?` : PlainKind<V>;
type PlainKind<V> = V extends string ? 'text' : 'integer';

export type AnyColumnKind = 'text' | 'text?' | 'integer' | 'integer?';

interface Table<T extends TableName> {
  /** The primary key. Also the order of rows in a backup. */
  key: readonly (keyof Database[T] & string)[];
  columns: { readonly [C in keyof Database[T]]: ColumnKind<Database[T][C]> };
}

/**
 * What database.ts says in types, for use at run time (casts on PostgreSQL, backups). The compiler holds
 * the two together, and the contract suite holds this to the migrated database. Parents come before
 * the tables that refer to them.
 */
export const tables: { readonly [T in TableName]: Table<T> } = {
  meta: { key: ['key'], columns: { key: 'text', value: 'text' } },
  users: {
    key: ['id'],
    columns: {
      id: 'text',
      name: 'text',
      email: 'text',
      roles: 'text',
      active: 'integer',
      created_at: 'integer',
      groups: 'text',
    },
  },
  api_tokens: {
    key: ['id'],
    columns: {
      id: 'text',
      hash: 'text',
      user_id: 'text',
      label: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      revoked_at: 'integer?',
      authenticated_at: 'integer',
    },
  },
  sign_in_links: {
    key: ['hash'],
    columns: {
      hash: 'text',
      user_id: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      used_at: 'integer?',
      authenticated_at: 'integer',
    },
  },
  sessions: {
    key: ['hash'],
    columns: {
      hash: 'text',
      user_id: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      ended_at: 'integer?',
      authenticated_at: 'integer',
    },
  },
  gateways: {
    key: ['id'],
    columns: {
      id: 'text',
      name: 'text',
      secret_hash: 'text',
      resources: 'text',
      created_at: 'integer',
      removed_at: 'integer?',
    },
  },
  enrollment_tokens: {
    key: ['id'],
    columns: {
      id: 'text',
      hash: 'text',
      owner_id: 'text',
      uses_left: 'integer',
      pending: 'integer',
      created_by: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      revoked_at: 'integer?',
      ownership: 'text',
    },
  },
  device_codes: {
    key: ['hash'],
    columns: {
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
  },
  enrollments: {
    key: ['id'],
    columns: {
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
      ownership: 'text',
    },
  },
  devices: {
    key: ['id'],
    columns: {
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
      ownership: 'text',
    },
  },
  evidence: {
    key: ['device_id'],
    columns: { device_id: 'text', seq: 'integer', hash: 'text', received_at: 'integer' },
  },
  postures: {
    key: ['device_id'],
    columns: {
      device_id: 'text',
      seq: 'integer',
      readings: 'text',
      readings_hash: 'text',
      failing_since: 'text',
      hardware_hash: 'text?',
      changed_at: 'integer',
      flips: 'text',
      os_build: 'text?',
    },
  },
  hardware: {
    key: ['device_id', 'field', 'hash'],
    columns: { device_id: 'text', field: 'text', hash: 'text' },
  },
  attestations: {
    key: ['device_id', 'seq'],
    columns: { device_id: 'text', seq: 'integer', hash: 'text', received_at: 'integer' },
  },
  attestation_documents: {
    key: ['device_id', 'seq'],
    columns: { device_id: 'text', seq: 'integer', received_at: 'integer', jws: 'text' },
  },
  attestation_conflicts: {
    key: ['id'],
    columns: {
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
  },
  verdicts: {
    key: ['id'],
    columns: {
      id: 'text',
      device_id: 'text',
      at: 'integer',
      seq: 'integer',
      status: 'text',
      policies: 'text',
      rules: 'text',
    },
  },
  policies: {
    key: ['name', 'version'],
    columns: {
      name: 'text',
      version: 'integer',
      title: 'text',
      document: 'text',
      published_by: 'text',
      published_at: 'integer',
      current: 'integer',
      drafted_by: 'text?',
      approved_by: 'text?',
      note: 'text?',
      enforcement: 'text',
    },
  },
  policy_drafts: {
    key: ['id'],
    columns: {
      id: 'text',
      action: 'text',
      name: 'text?',
      document: 'text',
      document_hash: 'text',
      note: 'text?',
      state: 'text',
      base_version: 'integer',
      created_by: 'text',
      created_at: 'integer',
      authors: 'text',
      edited_by: 'text',
      edited_at: 'integer',
      submitted_at: 'integer?',
      decided_by: 'text?',
      decided_at: 'integer?',
      published_version: 'integer?',
      version: 'integer',
    },
  },
  policy_replays: {
    key: ['id'],
    columns: {
      id: 'text',
      policy: 'text',
      document_hash: 'text',
      started_by: 'text',
      started_at: 'integer',
      state: 'text',
      devices_total: 'integer',
      devices_done: 'integer',
      progress_at: 'integer',
      finished_at: 'integer?',
      summary: 'text?',
    },
  },
  policy_replay_devices: {
    key: ['replay_id', 'device_id'],
    columns: { replay_id: 'text', device_id: 'text', change: 'text', blocked_at: 'integer?', detail: 'text' },
  },
  resources: { key: ['name'], columns: { name: 'text', title: 'text?', tier: 'text' } },
  release_feeds: {
    key: ['sequence'],
    columns: {
      sequence: 'integer',
      issued_at: 'integer',
      document: 'text',
      key_id: 'text?',
      imported_by: 'text',
      imported_at: 'integer',
    },
  },
  check_flips: {
    key: ['check_id', 'platform', 'os_build', 'device_id', 'at'],
    columns: { check_id: 'text', platform: 'text', os_build: 'text', device_id: 'text', at: 'integer' },
  },
  brakes: {
    key: ['id'],
    columns: {
      id: 'text',
      check_id: 'text',
      platform: 'text',
      os_build: 'text',
      flips_since: 'integer',
      opened_at: 'integer',
      ends_at: 'integer',
      devices: 'integer',
      devices_of_build: 'integer',
      state: 'text',
      decided_by: 'text?',
      decided_at: 'integer?',
      reason: 'text?',
      version: 'integer',
    },
  },
  exceptions: {
    key: ['id'],
    columns: {
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
  },
  exception_decisions: {
    key: ['exception_id', 'actor_id'],
    columns: {
      exception_id: 'text',
      actor_id: 'text',
      verdict: 'text',
      reason: 'text?',
      at: 'integer',
      request_hash: 'text',
    },
  },
  exception_slots: {
    key: ['person_id', 'device_id', 'rule', 'resource'],
    columns: { person_id: 'text', device_id: 'text', rule: 'text', resource: 'text', exception_id: 'text' },
  },
  signing_keys: {
    key: ['kid'],
    columns: {
      kid: 'text',
      alg: 'text',
      public_jwk: 'text',
      private_jwe: 'text',
      created_at: 'integer',
      signs_from: 'integer',
      signs_until: 'integer?',
      removed_at: 'integer?',
    },
  },
  access_tokens: {
    key: ['id'],
    columns: {
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
  },
  replays: { key: ['key'], columns: { key: 'text', expires_at: 'integer' } },
  audit: {
    key: ['seq'],
    columns: {
      seq: 'integer',
      at: 'integer',
      type: 'text',
      actor_id: 'text?',
      subject_id: 'text?',
      entry: 'text',
      hash: 'text',
    },
  },
  audit_texts: { key: ['seq'], columns: { seq: 'integer', salt: 'text', text: 'text' } },
};

export const tableNames = Object.keys(tables) as TableName[];

/** The description of a table, its exact columns forgotten: for code that treats all tables alike. */
export function tableOf(name: TableName): { key: readonly string[]; columns: Readonly<Record<string, AnyColumnKind>> } {
  return tables[name];
}
