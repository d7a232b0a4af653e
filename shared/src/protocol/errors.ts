/**
 * Everything that Postern refuses, in one closed list: code, HTTP status, the sentence that the
 * caller may read, and (for OAuth endpoints) the code that the RFC names. Internal detail is logged,
 * never put here.
 */
interface ErrorKind {
  status: number;
  sentence: string;
  /** `error` of RFC 6749 section 5.2, RFC 9449, RFC 9470, RFC 8707 or RFC 8628, where an OAuth client must see it. */
  oauth?: string;
}

const kinds = {
  // the request as such
  malformed_request: {
    status: 400,
    sentence: 'The request could not be understood. See details.',
    oauth: 'invalid_request',
  },
  duplicate_parameter: {
    status: 400,
    sentence: 'A parameter or header was given more than once.',
    oauth: 'invalid_request',
  },
  unsupported_content_type: {
    status: 415,
    sentence: 'The content type of the body is not the one this endpoint reads.',
    oauth: 'invalid_request',
  },
  body_too_large: { status: 413, sentence: 'The body is larger than this endpoint accepts.', oauth: 'invalid_request' },
  headers_too_large: {
    status: 431,
    sentence: 'The headers are larger than this server accepts.',
    oauth: 'invalid_request',
  },
  request_timeout: { status: 408, sentence: 'The request took too long to arrive.', oauth: 'invalid_request' },
  not_found: { status: 404, sentence: 'There is nothing here under that address, or you may not see it.' },
  proxy_required: {
    status: 403,
    sentence:
      'This server takes requests only from the proxies that were declared to it. Use the address of the service.',
  },
  method_not_allowed: { status: 405, sentence: 'This address does not answer that method.' },
  too_many_requests: {
    status: 429,
    sentence: 'Too many requests. Try again after the time given in Retry-After.',
    oauth: 'slow_down',
  },
  conflict: { status: 409, sentence: 'Somebody changed this since you read it. Read it again and decide again.' },
  internal: {
    status: 500,
    sentence: 'Something went wrong here. It was logged under the X-Request-Id of this answer.',
    oauth: 'server_error',
  },
  unavailable: {
    status: 503,
    sentence: 'The service cannot answer now. Try again shortly.',
    oauth: 'temporarily_unavailable',
  },

  // people and automation
  not_signed_in: { status: 401, sentence: 'Sign in first, or send a valid admin API token.' },
  not_allowed: { status: 403, sentence: 'Your role does not allow this.' },
  origin_refused: { status: 403, sentence: 'The request came from another site.' },
  session_required: {
    status: 403,
    sentence: 'Sign in in a browser for this: an API token does not show that you are there.',
  },
  sign_in_link_invalid: { status: 401, sentence: 'This sign-in link is wrong, used or too old. Ask for a new one.' },
  sign_in_refused: {
    status: 401,
    sentence:
      'That did not sign you in. Check what you entered and try again. After several wrong tries wait a while, or ask an admin for a sign-in link.',
  },
  sign_in_lost: {
    status: 400,
    sentence: 'This sign-in was begun in another browser, too long ago, or is over already. Begin again.',
  },
  sign_in_unknown_person: {
    status: 403,
    sentence: 'Your identity provider knows you, but nobody here is you. Ask an admin to add you.',
  },
  sign_in_factor_missing: {
    status: 403,
    sentence:
      'Your role takes more than a password. Ask an admin for a sign-in link, then add a passkey or an authenticator app to your account.',
  },
  password_refused: { status: 400, sentence: 'That password is too easy to guess. See details.' },
  email_taken: { status: 409, sentence: 'Somebody has that address already.' },
  step_up_required: {
    status: 403,
    sentence:
      'This needs a fresh proof of who you are. The member step_up says which: a sign-in within the last five minutes, a code of your authenticator app, or a passkey.',
    oauth: 'insufficient_user_authentication',
  },
  step_up_invalid: {
    status: 403,
    sentence: 'That proof of who you are is wrong, used, too old, or was given for something else. Begin again.',
    oauth: 'insufficient_user_authentication',
  },
  step_up_locked: {
    status: 429,
    sentence: 'Too many wrong codes. Wait for the time given in Retry-After, or use a passkey.',
  },
  second_factor_missing: {
    status: 409,
    sentence:
      'You have nothing yet that would prove who you are for this. Add a passkey, or where that does an authenticator app, in the console first.',
  },
  second_factor_taken: { status: 409, sentence: 'That passkey or authenticator app is there already.' },
  last_admin: { status: 409, sentence: 'This is the last admin. Make another one first.' },

  // enrollment
  enrollment_token_invalid: {
    status: 401,
    sentence: 'The enrollment token is wrong, used up, revoked or too old. Ask an admin for a new one.',
  },
  enrollment_invalid: { status: 404, sentence: 'This enrollment is unknown, finished or too old. Start again.' },
  key_proof_invalid: { status: 400, sentence: 'The proof that the device holds its key is not valid.' },
  key_already_enrolled: {
    status: 409,
    sentence: 'A device with this key is enrolled already. Each device makes its own key.',
  },
  authorization_pending: { status: 400, sentence: 'Nobody has approved the code yet.', oauth: 'authorization_pending' },
  slow_down: {
    status: 400,
    sentence: 'Asked too often. Wait five seconds longer between questions.',
    oauth: 'slow_down',
  },
  code_denied: { status: 400, sentence: 'The code was refused.', oauth: 'access_denied' },
  code_expired: { status: 400, sentence: 'The code is too old. Start again.', oauth: 'expired_token' },
  user_code_invalid: {
    status: 404,
    sentence: 'No device is waiting with this code. Compare it with the one on the device.',
  },
  user_code_not_yours: {
    status: 403,
    sentence:
      'That code is shown by a device of somebody else. Only they can answer it. If they sent it to you, do not.',
  },

  // devices
  device_unknown: { status: 401, sentence: 'No enrolled device has this key.', oauth: 'invalid_client' },
  device_pending: { status: 403, sentence: 'The device waits for an admin to admit it.', oauth: 'unauthorized_client' },
  device_suspended: { status: 403, sentence: 'The device is suspended. Ask an admin.', oauth: 'unauthorized_client' },
  device_retired: { status: 403, sentence: 'The device is retired. Enroll it again.', oauth: 'unauthorized_client' },
  device_quarantined: {
    status: 403,
    sentence: 'The device is in quarantine: its key or its history was seen twice. Ask an admin.',
    oauth: 'unauthorized_client',
  },
  owner_inactive: {
    status: 403,
    sentence: 'The person whose device this is has no access any more. Ask an admin.',
    oauth: 'unauthorized_client',
  },
  device_state_invalid: { status: 409, sentence: 'The device is not in a state that allows this.' },

  // proofs: DPoP (RFC 9449) and client assertions (RFC 7523)
  proof_missing: { status: 400, sentence: 'A DPoP proof is required.', oauth: 'invalid_dpop_proof' },
  proof_invalid: {
    status: 400,
    sentence: 'The DPoP proof is malformed or its signature is wrong.',
    oauth: 'invalid_dpop_proof',
  },
  proof_algorithm: {
    status: 400,
    sentence: 'The DPoP proof is signed with an algorithm that is not accepted.',
    oauth: 'invalid_dpop_proof',
  },
  proof_other_url: {
    status: 400,
    sentence: 'The DPoP proof was made for another address or method.',
    oauth: 'invalid_dpop_proof',
  },
  proof_from_future: {
    status: 400,
    sentence: 'The DPoP proof is dated in the future. Check the clock.',
    oauth: 'invalid_dpop_proof',
  },
  proof_too_old: { status: 400, sentence: 'The DPoP proof is too old. Check the clock.', oauth: 'invalid_dpop_proof' },
  proof_replayed: { status: 400, sentence: 'The DPoP proof was used before.', oauth: 'invalid_dpop_proof' },
  proof_other_key: {
    status: 400,
    sentence: 'The DPoP proof is not made with the key of this device.',
    oauth: 'invalid_dpop_proof',
  },
  nonce_required: { status: 400, sentence: 'Use the nonce given in the DPoP-Nonce header.', oauth: 'use_dpop_nonce' },
  assertion_missing: {
    status: 401,
    sentence: 'A client assertion (private_key_jwt) or a client attestation is required.',
    oauth: 'invalid_client',
  },
  assertion_invalid: {
    status: 401,
    sentence: 'The client assertion is malformed or its signature is wrong.',
    oauth: 'invalid_client',
  },
  assertion_algorithm: {
    status: 401,
    sentence: 'The client assertion is signed with an algorithm that is not accepted.',
    oauth: 'invalid_client',
  },
  assertion_audience: {
    status: 401,
    sentence: 'The client assertion must name this issuer, and only it, as its audience.',
    oauth: 'invalid_client',
  },
  assertion_foreign_key: {
    status: 401,
    sentence: 'The client assertion names a key that is not the key of this device.',
    oauth: 'invalid_client',
  },
  assertion_from_future: {
    status: 401,
    sentence: 'The client assertion is dated in the future. Check the clock.',
    oauth: 'invalid_client',
  },
  assertion_expired: {
    status: 401,
    sentence: 'The client assertion has expired, or lives too long.',
    oauth: 'invalid_client',
  },
  assertion_replayed: { status: 401, sentence: 'The client assertion was used before.', oauth: 'invalid_client' },
  client_authentication_twice: {
    status: 400,
    sentence: 'Authenticate in one way: with a client assertion or with a client attestation, not with both.',
    oauth: 'invalid_request',
  },
  // draft-ietf-oauth-attestation-based-client-auth
  client_attestation_invalid: {
    status: 401,
    sentence: 'The client attestation is malformed, or this server did not sign it. Ask for a new one.',
    oauth: 'invalid_client_attestation',
  },
  client_attestation_foreign_key: {
    status: 401,
    sentence: 'The client attestation is for another key than the one of this device. Ask for a new one.',
    oauth: 'invalid_client_attestation',
  },
  client_attestation_expired: {
    status: 400,
    sentence: 'The client attestation has expired. Ask for a new one.',
    oauth: 'use_fresh_attestation',
  },
  attestation_pop_invalid: {
    status: 401,
    sentence: 'The proof of possession for the client attestation is malformed, or not good for this server and time.',
    oauth: 'invalid_client_attestation',
  },
  attestation_pop_replayed: {
    status: 401,
    sentence: 'The proof of possession for the client attestation was used before.',
    oauth: 'invalid_client_attestation',
  },
  attestation_pop_challenge: {
    status: 400,
    sentence: 'Use the challenge given in the OAuth-Client-Attestation-Challenge header.',
    oauth: 'use_attestation_challenge',
  },

  // attestations
  attestation_malformed: {
    status: 400,
    sentence: 'The attestation is not in the form that the protocol asks for. See details.',
  },
  attestation_algorithm: { status: 400, sentence: 'The attestation is signed with an algorithm that is not accepted.' },
  attestation_foreign_key: { status: 400, sentence: 'The attestation names a key that no enrolled device has.' },
  attestation_signature: { status: 400, sentence: 'The signature of the attestation is wrong.' },
  attestation_audience: { status: 400, sentence: 'The attestation was made for another backend.' },
  attestation_nonce: {
    status: 400,
    sentence: 'The nonce of the attestation is unknown or too old. Ask for a new challenge.',
    oauth: 'use_attestation_challenge',
  },
  attestation_from_future: { status: 400, sentence: 'The attestation is dated in the future. Check the clock.' },
  attestation_too_old: { status: 400, sentence: 'The attestation is too old. Check the clock.' },
  attestation_replayed: { status: 409, sentence: 'This attestation was received before.' },
  attestation_rolled_back: {
    status: 409,
    sentence: 'The device reports an older state than it did before. It is in quarantine now: ask an admin.',
  },
  attestation_forked: {
    status: 409,
    sentence: 'Two machines report as this device. It is in quarantine now: ask an admin.',
  },
  attestation_hardware_changed: {
    status: 409,
    sentence: 'The key of this device came with the hardware of another one. It is in quarantine now: ask an admin.',
  },
  attestation_hardware_barred: {
    status: 409,
    sentence:
      'The hardware of this device is that of a device that is suspended or in quarantine. It is in quarantine too now: ask an admin.',
  },

  // tokens
  client_authentication_failed: {
    status: 401,
    sentence: 'The client could not be authenticated.',
    oauth: 'invalid_client',
  },
  grant_unsupported: { status: 400, sentence: 'This grant type is not offered.', oauth: 'unsupported_grant_type' },
  resource_missing: { status: 400, sentence: 'Name the resource that the token is for.', oauth: 'invalid_target' },
  resource_unknown: { status: 400, sentence: 'No gateway protects a resource of that name.', oauth: 'invalid_target' },
  scope_invalid: { status: 400, sentence: 'The scope is not one that this resource offers.', oauth: 'invalid_scope' },
  token_foreign: { status: 403, sentence: 'That token was issued to somebody else.', oauth: 'unauthorized_client' },
  never_attested: { status: 400, sentence: 'The device has not reported its posture yet.', oauth: 'invalid_grant' },
  evidence_stale: {
    status: 400,
    sentence: 'The last report of the device is too old. Report again.',
    oauth: 'invalid_grant',
  },
  posture_refused: {
    status: 400,
    sentence: 'The device does not meet the policy. See failed_checks for what to do.',
    oauth: 'invalid_grant',
  },
  // a person who signed in: token exchange (RFC 8693 section 2.2.2) and device codes
  token_type_unsupported: {
    status: 400,
    sentence: 'That type of token cannot be exchanged here, or not be asked for.',
    oauth: 'invalid_request',
  },
  subject_token_invalid: {
    status: 400,
    sentence: 'The subject token is malformed, or not one that this server takes. Sign in again.',
    oauth: 'invalid_request',
  },
  subject_token_expired: {
    status: 400,
    sentence: 'The subject token has expired. Sign in again.',
    oauth: 'invalid_request',
  },
  subject_token_used: {
    status: 400,
    sentence: 'The subject token was used before. Sign in again.',
    oauth: 'invalid_request',
  },
  subject_email_unverified: {
    status: 400,
    sentence: 'The identity provider does not say that it verified the e-mail address of this person.',
    oauth: 'invalid_request',
  },
  subject_other_device: {
    status: 400,
    sentence: 'The sign-in was made for another device. Sign in for this one.',
    oauth: 'invalid_request',
  },
  subject_not_owner: {
    status: 400,
    sentence: 'The person who signed in is not the one whose device this is.',
    oauth: 'invalid_grant',
  },
  actor_token_invalid: {
    status: 400,
    sentence: 'The actor token must be a client attestation or a client assertion of the device that asks.',
    oauth: 'invalid_request',
  },
  resource_differs: {
    status: 400,
    sentence: 'The person was asked about another resource than this one.',
    oauth: 'invalid_target',
  },
  identity_provider_unavailable: {
    status: 503,
    sentence: 'The identity provider cannot be asked for its keys now. Try again shortly.',
    oauth: 'temporarily_unavailable',
  },
  authentication_requirements_unmet: {
    status: 400,
    sentence:
      'The device or the person does not meet the acr_values or max_age of the request. See failed_checks, report anew, and try again.',
    oauth: 'unmet_authentication_requirements',
  },

  // gateways that ask about a request of somebody else (/verify/…)
  gateway_refused: {
    status: 401,
    sentence:
      'The gateway in front of this application did not show who it is. Its operator must set Postern-Gateway to its id and secret.',
  },
  gateway_misconfigured: {
    status: 403,
    sentence: 'The gateway in front of this application asks in a way that has no answer. Its operator sees why.',
  },
  address_ambiguous: {
    status: 403,
    sentence: 'The address of the request can be read in more than one way, so nothing is opened by it.',
    oauth: 'invalid_request',
  },
  access_token_missing: { status: 401, sentence: 'An access token and a DPoP proof are required.' },
  access_token_unbound: {
    status: 401,
    sentence: 'The access token is bound to a key: send it under the scheme DPoP, with a proof, not as Bearer.',
    oauth: 'invalid_token',
  },
  access_token_invalid: {
    status: 401,
    sentence: 'The access token is not one that this server issued for this application.',
    oauth: 'invalid_token',
  },
  access_token_expired: {
    status: 401,
    sentence: 'The access token has expired. Ask for a new one.',
    oauth: 'invalid_token',
  },
  access_token_ended: {
    status: 401,
    sentence: 'What the access token was issued for has ended, or it was revoked. Ask for a new one.',
    oauth: 'invalid_token',
  },
  posture_insufficient: {
    status: 401,
    sentence:
      'This needs a device that is in a better state, or that reported more recently. Report again, then get a new token.',
    oauth: 'insufficient_user_authentication',
  },
  role_insufficient: {
    status: 403,
    sentence: 'The access token does not carry the role that this needs.',
    oauth: 'insufficient_scope',
  },

  // policies
  policy_invalid: { status: 400, sentence: 'The policy document is not valid. See details.' },
  policy_unchanged: { status: 409, sentence: 'The published version says exactly this already.' },
  second_approval_required: {
    status: 403,
    sentence:
      'Another admin must approve this, one who wrote none of it. Make a draft, submit it, and ask them to approve it.',
  },
  policy_draft_state: { status: 409, sentence: 'The draft is not in a state that allows this.' },
  policy_draft_outdated: {
    status: 409,
    sentence:
      'Another version was published after this draft was written. Compare it with that one, edit it and submit it again.',
  },
  policy_drafts_too_many: {
    status: 409,
    sentence: 'Too many drafts are open already. Discard those that nobody needs.',
  },
  policy_version_unknown: { status: 404, sentence: 'There is no such policy in force, or no such version of it.' },
  replay_running: { status: 409, sentence: 'A replay runs on this server already. Wait for its end, or cancel it.' },
  replay_ended: { status: 409, sentence: 'This replay has ended already.' },

  // releases of operating systems
  feed_keys_missing: {
    status: 409,
    sentence: 'No keys are configured that may sign release feeds. Set POSTERN_FEED_KEYS on the server.',
  },
  feed_keys_invalid: { status: 409, sentence: 'The keys for release feeds cannot be used. See details.' },
  feed_invalid: { status: 400, sentence: 'This is no release feed that can be taken into use. See details.' },
  feed_untrusted: {
    status: 400,
    sentence: 'The release feed is not signed by a key that may, or its signature is wrong.',
  },
  feed_outdated: { status: 409, sentence: 'The release feed is not newer than the one in force.' },

  // the regression brake
  brake_ended: { status: 409, sentence: 'The brake does not hold any more.' },
  brake_extension_invalid: {
    status: 400,
    sentence: 'A brake can be extended only to a later time, and to seven days after it opened at most.',
  },

  // exceptions
  exception_not_allowed: { status: 403, sentence: 'The policy does not allow an exception from this rule.' },
  exception_too_long: { status: 400, sentence: 'The exception would last longer than the policy allows.' },
  exception_overlaps: {
    status: 409,
    sentence: 'The same, or part of it, is in force or waiting for this person already.',
  },
  exception_rule_unknown: { status: 400, sentence: 'No policy that applies to this device has a rule of that name.' },
  exception_not_longer: {
    status: 409,
    sentence: 'An extension must end later than the exception that it extends. To end that sooner, revoke it.',
  },
  exception_too_many: {
    status: 409,
    sentence: 'Too many requests of this device wait already. Withdraw one, or wait until they are decided.',
  },
  exception_not_needed: {
    status: 409,
    sentence: 'None of these rules stands in the way of the device now; there is nothing to except.',
  },
  exception_changed: {
    status: 409,
    sentence: 'The request was changed after you read it. Read it again and decide again.',
  },
  exception_state: { status: 409, sentence: 'The exception is not in a state that allows this.' },
  exception_widened: { status: 400, sentence: 'An approver may shorten or narrow an exception, never widen it.' },
  exception_refused_by_rule: {
    status: 403,
    sentence: 'A rule of the template does not allow this request. See details.',
  },
  exception_start_invalid: {
    status: 400,
    sentence: 'An exception may be asked for up to 30 days ahead, and not for a time that has passed.',
  },
  exception_set_too_large: { status: 400, sentence: 'So many devices cannot be asked for at once. Ask for fewer.' },
  exception_set_empty: {
    status: 400,
    sentence: 'No active device is in what was named. Look at its people, or name devices.',
  },
  approval_not_yours: {
    status: 403,
    sentence: 'This request waits for somebody else to approve it first. The stages say whom.',
  },
  template_unknown: { status: 400, sentence: 'There is no template of that name.' },
  template_not_for_you: {
    status: 403,
    sentence: 'That template is not for this person, device, rule or resource. See details.',
  },
  template_invalid: { status: 400, sentence: 'The template is not valid. See details.' },
  template_state: { status: 409, sentence: 'The proposal is not in a state that allows this.' },
  template_unchanged: { status: 409, sentence: 'The template in force says exactly this already.' },
  reason_code_required: { status: 400, sentence: 'Choose one of the reasons that the template names.' },
  ticket_required: { status: 400, sentence: 'The template asks for the number of a ticket.' },
  access_required: {
    status: 403,
    sentence: 'This resource is open only under temporary access. Ask for it, then try again.',
    oauth: 'access_denied',
  },
  access_not_offered: { status: 400, sentence: 'That resource offers no temporary access, or not in that role.' },
  emergency_review_due: {
    status: 409,
    sentence: 'An emergency of yours still waits for its review. Nobody gets another one before that.',
  },
  review_state: { status: 409, sentence: 'The review was decided already.' },
  review_not_yours: {
    status: 403,
    sentence: 'Nobody reviews what was given to them, or what they approved themselves.',
  },
  deny_link_invalid: { status: 401, sentence: 'This link is wrong or too old, or the request was decided already.' },
  saved_view_name_taken: { status: 409, sentence: 'You have a view of that name on this list already.' },
  saved_views_too_many: { status: 409, sentence: 'You have a hundred saved views. Delete one first.' },
  webhook_address_refused: {
    status: 400,
    sentence: 'Webhooks go to https addresses outside of this network, or to hosts that the operator named.',
  },
  scope_insufficient: {
    status: 403,
    sentence: 'The access token does not allow this. Ask for one with the scope ssf.manage.',
    oauth: 'insufficient_scope',
  },
  stream_exists: {
    status: 409,
    sentence: 'This gateway has a stream already. Read it, and change or replace it.',
  },
  stream_disabled: { status: 409, sentence: 'The stream is disabled. Its receiver must enable it first.' },
  stream_address_refused: {
    status: 400,
    sentence: 'Signals are pushed to https addresses outside of this network, or to hosts that the operator named.',
  },
  delivery_state: { status: 409, sentence: 'Only what was delivered or has failed can be sent again.' },
  export_invalid: { status: 400, sentence: 'That export cannot be made. See details.' },
  self_approval: {
    status: 403,
    sentence:
      'Nobody decides what they asked for, what was asked for them, or for their own device. Another approver must.',
  },
  already_decided: { status: 409, sentence: 'You have decided this request already.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof kinds;

export const errorKinds: Readonly<Record<ErrorCode, ErrorKind>> = kinds;
export const errorCodes = Object.keys(kinds) as ErrorCode[];

export interface FaultDetail {
  /** Where in the request: `body.readings.firewall`, `query.limit`. */
  path: string;
  message: string;
}

interface FaultOptions {
  details?: FaultDetail[];
  headers?: Record<string, string>;
  /** Further public members of the answer, e.g. `failed_checks`. */
  members?: Record<string, unknown>;
  /** Internal: goes to the log, never to the caller. */
  cause?: unknown;
}

/** A refusal. It is thrown where it is found and turned into an answer in one place. */
export class Fault extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: FaultDetail[];
  readonly headers: Record<string, string>;
  readonly members: Record<string, unknown>;

  constructor(code: ErrorCode, options: FaultOptions = {}) {
    super(errorKinds[code].sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.status = errorKinds[code].status;
    this.details = options.details ?? [];
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }
}
