/**
 * The tables, as Kysely types; migrations/ makes them. The same on SQLite and PostgreSQL, so only types
 * that both have: text, integers (times are milliseconds, truth is 0 or 1), JSON as text, because
 * signed and hashed documents must come back as they went in.
 */
export interface Database {
  meta: { key: string; value: string };

  users: {
    id: string;
    name: string;
    email: string;
    roles: string;
    active: number;
    created_at: number;
    /** JSON array of names. */
    groups: string;
    /** Who may end what they were given. */
    manager_id: string | null;
    /** JSON: what they want to hear of, and how (shared/protocol/notice.ts). */
    notify: string;
  };
  api_tokens: {
    id: string;
    hash: string;
    user_id: string;
    label: string;
    created_at: number;
    expires_at: number;
    revoked_at: number | null;
    /** When the person behind it last proved who they are: what it made itself is no fresh proof. */
    authenticated_at: number;
  };
  sign_in_links: {
    hash: string;
    user_id: string;
    created_at: number;
    expires_at: number;
    used_at: number | null;
    authenticated_at: number;
  };
  sessions: {
    hash: string;
    user_id: string;
    created_at: number;
    expires_at: number;
    ended_at: number | null;
    authenticated_at: number;
    /** sign-in-link, passkey, password, provider */
    method: string;
    /** As the browser names itself: hostile text. */
    user_agent: string | null;
    remote_address: string | null;
  };
  /** Of people whom no provider signs in. */
  passwords: {
    person_id: string;
    /** Argon2id, in PHC form. */
    hash: string;
    set_at: number;
    /** 1: somebody else chose it, so that it is good for choosing another one only. */
    must_change: number;
    failures: number;
    locked_until: number;
  };
  /** Whom an OpenID provider knows a person as: its issuer and `sub`, which alone name somebody for good. */
  external_identities: {
    issuer: string;
    subject: string;
    person_id: string;
    email: string | null;
    created_at: number;
    used_at: number;
  };
  /** Sign-ins that are under way, each for the browser that began it. */
  sign_ins: {
    /** SHA-256 of what that browser keeps in a cookie. */
    hash: string;
    /** passkey, password (its second factor is still to be shown), provider */
    kind: string;
    person_id: string | null;
    provider: string | null;
    /** JWE under the master secret: challenge, nonce, PKCE verifier. */
    sealed: string | null;
    /** Where in the console to go on. */
    return_to: string | null;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };
  /** Filters of a list that a person gave a name. */
  saved_views: {
    id: string;
    person_id: string;
    /** The path of the list in the console. */
    screen: string;
    name: string;
    /** As in the address, without `?`. */
    query: string;
    created_at: number;
  };

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
    ownership: string;
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
    /** The enrolled device that asks who is sitting at it; null: a new device that is to be enrolled. */
    device_id: string | null;
    /** What the person is to be signed in for, by an enrolled device. */
    resource: string | null;
    /** When whoever approved it had last proved who they are. */
    authenticated_at: number | null;
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
    ownership: string;
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
    /** corporate, personal, unknown */
    ownership: string;
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
    /** JSON: check to {at, before}: the reading that still passed, and when another one followed it. For the brake. */
    flips: string;
    os_build: string | null;
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
    /** Ids of people; null where a program or the command line published it. */
    drafted_by: string | null;
    approved_by: string | null;
    note: string | null;
    /** enforce, report-only: as its document says. */
    enforcement: string;
  };
  policy_drafts: {
    id: string;
    /** publish its document, or retire: take the policy of that document out of force */
    action: string;
    /** The policy that its document names; null while that cannot be read. */
    name: string | null;
    document: string;
    document_hash: string;
    note: string | null;
    /** draft, submitted, published, discarded */
    state: string;
    /** The version that was in force when it was written; 0: none. */
    base_version: number;
    created_by: string;
    created_at: number;
    /** JSON array: ids of everybody who wrote any of it. None of them may approve it. */
    authors: string;
    edited_by: string;
    edited_at: number;
    submitted_at: number | null;
    decided_by: string | null;
    decided_at: number | null;
    published_version: number | null;
    /** Rises with every change: the guard of the next one. */
    version: number;
  };
  policy_replays: {
    id: string;
    policy: string;
    document_hash: string;
    started_by: string;
    started_at: number;
    /** running, done, failed, cancelled */
    state: string;
    devices_total: number;
    devices_done: number;
    /** When it last got on: one that does not is left by a process that died. */
    progress_at: number;
    finished_at: number | null;
    /** JSON, once it is done. */
    summary: string | null;
  };
  /** Only devices for which something changes. */
  policy_replay_devices: {
    replay_id: string;
    device_id: string;
    change: string;
    blocked_at: number | null;
    detail: string;
  };

  resources: { name: string; title: string | null; tier: string; access: string | null };
  /** What is known of releases of systems; the highest sequence is in force. */
  release_feeds: {
    sequence: number;
    issued_at: number;
    document: string;
    key_id: string | null;
    imported_by: string;
    imported_at: number;
  };
  /** Which device last went from passing to not passing, by check. */
  check_flips: { check_id: string; platform: string; os_build: string; device_id: string; at: number };
  brakes: {
    id: string;
    check_id: string;
    platform: string;
    os_build: string;
    /** Changes from then on are held. */
    flips_since: number;
    opened_at: number;
    ends_at: number;
    devices: number;
    devices_of_build: number;
    /** holding, released, expired */
    state: string;
    decided_by: string | null;
    decided_at: number | null;
    reason: string | null;
    version: number;
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
    /** Of kind `access`: what the person may be there. */
    role: string | null;
    template: string | null;
    template_version: number | null;
    reason_code: string | null;
    /** Those that were asked for together, and are decided together. */
    set_id: string | null;
    emergency: number;
    /** When it is to begin; null: with the approval, or with the first use. */
    starts_at: number | null;
    /** When it began, or will. Null while it waits for its first use; `expires_at` then says until when that may be. */
    begins_at: number | null;
    /** JSON: stages, step-up and risk as they were when it was asked for (exceptions/plan/approval-plan.ts). */
    plan: string;
    /** JSON: how who asked showed who they are; null when nobody demanded it. */
    requested_authn: string | null;
    /** The reminder that was given last: so long before the end. */
    reminded_ms: number | null;
  };
  exception_templates: {
    name: string;
    version: number;
    kind: string;
    title: string;
    /** As it was written, YAML. */
    document: string;
    current: number;
    proposed_by: string | null;
    approved_by: string | null;
    published_at: number;
  };
  template_proposals: {
    id: string;
    /** publish, retire */
    action: string;
    name: string;
    document: string;
    note: string | null;
    /** proposed, published, discarded */
    state: string;
    base_version: number;
    proposed_by: string;
    proposed_at: number;
    decided_by: string | null;
    decided_at: number | null;
    version: number;
  };
  /** Who looked at a request, and when first. */
  exception_views: { exception_id: string; person_id: string; at: number };
  /** One vote a person: the primary key says so. */
  exception_decisions: {
    exception_id: string;
    actor_id: string;
    verdict: string;
    reason: string | null;
    at: number;
    request_hash: string;
    /** JSON: how they showed who they are (shared/src/protocol/step-up.ts); null when nobody demanded it. */
    authn: string | null;
    channel: string;
  };
  /** One live exception per person, device, rule and resource (`*` = all): the primary key says so. */
  exception_slots: { person_id: string; device_id: string; rule: string; resource: string; exception_id: string };

  signing_keys: {
    kid: string;
    alg: string;
    public_jwk: string;
    /** What it signs: access-token, signal. */
    use: string;
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
    /** The temporary access that it was issued under. */
    grant_id: string | null;
    /** 1: a person was present and it is for them, with the device as actor. */
    for_person: number;
  };
  /** Proofs and assertions that were used: a second use finds the key taken. */
  replays: { key: string; expires_at: number };

  /** Streams of signals (OpenID SSF 1.0), one a gateway. */
  ssf_streams: {
    id: string;
    gateway_id: string;
    description: string | null;
    /** push, poll */
    delivery: string;
    endpoint: string | null;
    /** JWE under the master secret: the Authorization header that the receiver wants to see. */
    authorization_jwe: string | null;
    /** JSON array of event types. */
    events_requested: string;
    /** enabled, paused, disabled */
    status: string;
    status_reason: string | null;
    created_at: number;
    /** When the receiver last asked for a verification event. */
    verified_at: number | null;
    /** Since when the receiver takes nothing; null: it does. */
    failing_since: number | null;
    attempts: number;
    /** When the next push may be tried. */
    next_at: number;
    delivered_at: number | null;
    /** What went wrong with the last push, without anything that the receiver said. */
    last_error: string | null;
    version: number;
  };
  /** Events that wait for their receiver: gone when it has acknowledged them. Signed when they are handed over. */
  ssf_events: {
    stream_id: string;
    jti: string;
    /** Rises with every event of all streams: the order in which a stream is told. */
    position: number;
    type: string;
    /** JSON: `txn`, `sub_id` and `events` of the Security Event Token. */
    claims: string;
    happened_at: number;
    created_at: number;
  };
  /** What receivers were last told of a device. */
  device_trust: {
    device_id: string;
    /** compliant, not-compliant */
    status: string;
    /** Why: a code of signals/trust.ts. */
    reason: string;
    /** JSON array: the resources for which it is the other way round. */
    except_for: string;
    since: number;
    /** When that may change although nobody does anything: a deadline, an end, evidence that grows old. */
    next_at: number | null;
    /** What lists are searched by: compliant, grace, non-compliant, stale, never-attested; null: not looked at since there is such a column. */
    posture: string | null;
    version: number;
  };

  /** How many devices stood how at the end of a day: the trend. */
  fleet_days: {
    /** Days since 1970-01-01 in UTC. */
    day: number;
    /** compliant, excepted, grace, non-compliant, stale, never-attested, quarantined, suspended */
    posture: string;
    devices: number;
  };

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
  /** Signed heads of the Merkle tree (RFC 6962) over the entries, as C2SP tlog-checkpoint has them. */
  audit_checkpoints: { size: number; root: string; note: string; at: number };
  /** Full tiles of 256 hashes (C2SP tlog-tiles), base64. What is in no full tile is made from the entries. */
  audit_tiles: { level: number; idx: number; hashes: string };

  passkeys: {
    /** Credential id, base64url. */
    id: string;
    person_id: string;
    label: string;
    /** COSE key, base64url. */
    public_key: string;
    counter: number;
    /** JSON array. */
    transports: string;
    backed_up: number;
    created_at: number;
    used_at: number | null;
    removed_at: number | null;
  };
  /** Authenticator apps (TOTP, RFC 6238). */
  authenticator_apps: {
    person_id: string;
    /** JWE under the master secret. */
    secret: string;
    /** Null: shown, and not yet proved to be kept. */
    confirmed_at: number | null;
    /** The time step of the code that was used last: none is good twice. */
    last_step: number;
    failures: number;
    locked_until: number;
    created_at: number;
  };
  /** Challenges for passkeys: each for one person, one purpose and one thing, once. */
  step_ups: {
    id: string;
    person_id: string;
    /** add-passkey, request, decide, manage */
    purpose: string;
    /** Hash of what is decided. */
    subject: string;
    /** base64url */
    challenge: string;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };

  /** What somebody has to look at, by when. */
  reviews: {
    id: string;
    /** emergency, exception, rule */
    kind: string;
    /** An exception, or `policy/rule`. */
    subject_id: string;
    /** Whose emergency or exception it was. */
    person_id: string | null;
    reason: string;
    /** JSON array of ids of people; empty: every approver. */
    reviewers: string;
    opened_at: number;
    due_at: number;
    /** When it was announced that it is overdue. */
    overdue_at: number | null;
    decided_at: number | null;
    decided_by: string | null;
    /** ratified, repudiated (emergency); keep, end (exception); keep, change (rule) */
    verdict: string | null;
    note: string | null;
  };
  abuse_flags: {
    kind: string;
    subject: string;
    opened_at: number;
    seen_at: number;
    closed_at: number | null;
    sentence: string;
    /** JSON */
    data: string;
  };

  webhooks: {
    id: string;
    label: string;
    url: string;
    /** standard, slack */
    format: string;
    /** JSON array of event types; empty: all. */
    events: string;
    /** JWE under the master secret: JSON array, newest first. */
    secrets: string;
    created_by: string;
    created_at: number;
    disabled_at: number | null;
    disabled_reason: string | null;
    removed_at: number | null;
    version: number;
  };
  /** One message to one place. The audit entry that it tells of was its outbox (notify/). */
  deliveries: {
    id: string;
    event_id: string;
    type: string;
    /** webhook, email */
    channel: string;
    /** Webhook, or person. */
    target: string;
    /** JSON */
    body: string;
    /** waiting, done, failed */
    state: string;
    attempts: number;
    created_at: number;
    next_at: number;
    /** Somebody is at it until then. */
    claimed_until: number;
    done_at: number | null;
    /** HTTP status of the last answer. */
    status: number | null;
    error: string | null;
  };
  /** What a person is told in the console and by their agent. */
  notices: {
    id: string;
    event_id: string;
    person_id: string;
    at: number;
    type: string;
    subject_id: string | null;
    /** JSON */
    body: string;
    read_at: number | null;
  };
}

export type TableName = keyof Database;
