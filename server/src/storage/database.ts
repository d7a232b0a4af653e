/**
 * The tables, as Kysely types; migrations/ makes them. The same on SQLite and PostgreSQL, so only types
 * that both have: text, integers (times are milliseconds, truth is 0 or 1), JSON as text, because
 * signed and hashed documents must come back as they went in.
 */
export interface Database {
  meta: { key: string; value: string };

  users: { id: string; name: string; email: string; roles: string; active: number; created_at: number };
  api_tokens: {
    id: string;
    hash: string;
    user_id: string;
    label: string;
    created_at: number;
    expires_at: number;
    revoked_at: number | null;
  };
  sign_in_links: { hash: string; user_id: string; created_at: number; expires_at: number; used_at: number | null };
  sessions: { hash: string; user_id: string; created_at: number; expires_at: number; ended_at: number | null };

  gateways: {
    id: string;
    name: string;
    secret_hash: string;
    resources: string;
    created_at: number;
    removed_at: number | null;
  };

  enrollment_tokens: {
    id: string;
    hash: string;
    owner_id: string;
    uses_left: number;
    /** 1: the device starts pending and waits for an admin. */
    pending: number;
    created_by: string;
    created_at: number;
    expires_at: number;
    revoked_at: number | null;
  };
  device_codes: {
    /** SHA-256 of the device code. */
    hash: string;
    user_code: string;
    device_name: string | null;
    remote_address: string | null;
    /** pending, approved, denied, used */
    state: string;
    owner_id: string | null;
    interval_seconds: number;
    polled_at: number | null;
    created_at: number;
    expires_at: number;
  };
  enrollments: {
    id: string;
    challenge: string;
    jwk: string;
    jkt: string;
    provider: string;
    name: string;
    platform: string;
    agent_version: string;
    owner_id: string;
    pending: number;
    enrollment_token_id: string | null;
    device_code_hash: string | null;
    created_at: number;
    expires_at: number;
    finished_at: number | null;
  };

  devices: {
    id: string;
    owner_id: string;
    name: string;
    platform: string;
    agent_version: string;
    /** pending, active, suspended, retired */
    state: string;
    jwk: string;
    /** Unique for good, also after retirement: a key is never used for a second device. */
    jkt: string;
    key_provider: string;
    key_protection: string;
    quarantine_cause: string | null;
    quarantined_at: number | null;
    enrolled_at: number;
    /** Rises with every change of this device's exceptions. Guards against two such changes at once. */
    exception_epoch: number;
  };
  /** The last accepted attestation of a device: small, because every attestation rewrites it. */
  evidence: { device_id: string; seq: number; hash: string; received_at: number };
  /** What that evidence says: rewritten only when it says something new. */
  postures: {
    device_id: string;
    /** Sequence number of the attestation that these readings came with first. */
    seq: number;
    readings: string;
    /** SHA-256 over what the readings say, times left out. */
    readings_hash: string;
    /** JSON: `policy/rule` to the time since when it has not passed. */
    failing_since: string;
    /** SHA-256 of what the hardware identifiers say; null when there are none. Clone detection. */
    hardware_hash: string | null;
    changed_at: number;
  };
  /** Which hardware identifiers each device ever reported, hashed: who enrolls a machine anew is known by them. */
  hardware: { device_id: string; field: string; hash: string };
  attestations: { device_id: string; seq: number; hash: string; received_at: number };
  /** The signed text, kept when the readings differ from the attestation before, and thinned with age. */
  attestation_documents: { device_id: string; seq: number; received_at: number; jws: string };
  attestation_conflicts: {
    id: string;
    device_id: string;
    seq: number;
    hash: string;
    prev: string | null;
    received_at: number;
    remote_address: string | null;
    cause: string;
    jws: string;
  };
  /** History: one row when a verdict differs from the one before. Never thinned. */
  verdicts: { id: string; device_id: string; at: number; seq: number; status: string; policies: string; rules: string };

  policies: {
    name: string;
    version: number;
    title: string;
    document: string;
    published_by: string;
    published_at: number;
    current: number;
  };

  exceptions: {
    id: string;
    kind: string;
    /** pending, active, or how it ended. `active` says approved: whether it is live is computed at use. */
    state: string;
    person_id: string;
    requested_by: string;
    device_id: string;
    /** The device key that it is bound to. */
    jkt: string;
    /** JSON array of `policy/rule`. */
    rules: string;
    /** JSON array; empty for all. */
    resources: string;
    /** JSON: `policy/rule` to {policyVersion, outcome, observed} at approval. */
    observed: string;
    duration_ms: number;
    justification: string;
    ticket: string | null;
    request_hash: string;
    approvals_needed: number;
    extends_id: string | null;
    requested_at: number;
    lapses_at: number;
    approved_at: number | null;
    expires_at: number | null;
    ended_at: number | null;
    ended_by: string | null;
    ended_reason: string | null;
    /** Rises with every change: two decisions at once cannot both count. */
    version: number;
  };
  /** One vote a person: the primary key says so. */
  exception_decisions: {
    exception_id: string;
    actor_id: string;
    verdict: string;
    reason: string | null;
    at: number;
    request_hash: string;
  };
  /** One live exception per person, device, rule and resource (`*` = all): the primary key says so. */
  exception_slots: { person_id: string; device_id: string; rule: string; resource: string; exception_id: string };

  signing_keys: {
    kid: string;
    alg: string;
    public_jwk: string;
    /** JWE under the master secret. */
    private_jwe: string;
    created_at: number;
    /** Signs from then on. */
    signs_from: number;
    /** Signs no longer, but still verifies. */
    signs_until: number | null;
    /** Leaves the key set. */
    removed_at: number | null;
  };
  access_tokens: {
    id: string;
    device_id: string;
    person_id: string;
    resource: string;
    scope: string | null;
    issued_at: number;
    expires_at: number;
    /** JSON array of exception ids that it leans on. */
    exceptions: string;
    revoked_at: number | null;
  };
  /** Proofs and assertions that were used: a second use finds the key taken. */
  replays: { key: string; expires_at: number };

  audit: {
    seq: number;
    at: number;
    type: string;
    actor_id: string | null;
    subject_id: string | null;
    /** Canonical JSON of the whole entry, as it was hashed. */
    entry: string;
    hash: string;
  };
  /** Personal text beside the chain, so that it can be erased and the chain still verifies. */
  audit_texts: { seq: number; salt: string; text: string };
}

export type TableName = keyof Database;
