/** One row of the security checklist: a pitfall of tokens and gateways, and what holds against it. */
export interface Row {
  expected: string;
  /** Where in the code, from the root of the repository. */
  held: readonly string[];
  /** File in this folder whose test begins with the row's name. */
  test: string;
}

/** docs/security-checklist.md shows these; rows.test.ts holds table, rows and tests together. */
export const rows = {
  'alg confusion / none': {
    expected: 'An allow-list per use; the kind of key is bound to the algorithm; no HS256, ever.',
    held: ['server/src/jws/es256.ts', 'server/src/tokens/rotating-signing-keys.ts', 'shared/src/gateway/key-set.ts'],
    test: 'tokens.test.ts',
  },
  'kid injection': {
    expected: 'Looked up in a map by exactly its text, of at most 128 characters; never a path, never SQL.',
    held: ['server/src/tokens/key-ring.ts', 'shared/src/gateway/key-set.ts'],
    test: 'keys.test.ts',
  },
  'jku/x5u/x5c/jwk in tokens': {
    expected: 'No key is taken or fetched from where a document says; jwk counts in a DPoP proof alone.',
    held: [
      'server/src/jws/embedded-key.ts',
      'server/src/tokens/rotating-signing-keys.ts',
      'shared/src/gateway/token.ts',
    ],
    test: 'keys.test.ts',
  },
  'JWKS cache': {
    expected: 'An unknown kid: one fetch in 30 s; one flight for all who wait; the keys stay when the backend is away.',
    held: ['shared/src/gateway/key-set.ts', 'server/src/tokens/key-ring.ts'],
    test: 'keys.test.ts',
  },
  'iss/aud mix-up': {
    expected:
      'Exact strings, none missing; by typ no other document of ours is an access token, nor the other way round.',
    held: ['server/src/tokens/token-reader.ts', 'server/src/tokens/live-token.ts', 'shared/src/gateway/token.ts'],
    test: 'tokens.test.ts',
  },
  'crit / b64': {
    expected: 'Any crit and any b64 is refused: no extension is understood.',
    held: ['shared/src/jws/compact-jws.ts'],
    test: 'tokens.test.ts',
  },
  'base64 malleability': {
    expected: 'One way to write a document; what it is known by is its jti, not its text.',
    held: ['shared/src/jws/compact-jws.ts', 'server/src/tokens/revoke.ts'],
    test: 'tokens.test.ts',
  },
  'duplicate JSON keys, `__proto__`': {
    expected: 'A member that comes twice, or `__proto__`, is refused, signed or not.',
    held: ['shared/src/jws/compact-jws.ts', 'server/src/http/strict-json.ts', 'server/src/http/parameters.ts'],
    test: 'input.test.ts',
  },
  oversize: {
    expected: 'Token 4 kB, body 64 kB, headers 16 kB, JSON 16 deep; beyond: 401, 413, 431, 400.',
    held: ['server/src/http/body.ts', 'server/src/http/listen.ts', 'server/src/http/strict-json.ts'],
    test: 'input.test.ts',
  },
  'clock skew': {
    expected: 'exp, iat and jti are required; 5 s at gateways, 60 s at most; proofs and assertions are of minutes.',
    held: ['shared/src/gateway/options.ts', 'shared/src/gateway/token.ts', 'server/src/tokens/dpop.ts'],
    test: 'proofs.test.ts',
  },
  'refresh reuse (if ever issued)': {
    expected: 'None is ever issued, by no grant, and none is taken.',
    held: ['server/src/tokens/grants/index.ts', 'server/src/tokens/token-endpoint.ts'],
    test: 'proofs.test.ts',
  },
  'DPoP replay across nodes': {
    expected: 'A proof is used up by one insert that all nodes share; where that cannot be written, nobody is let in.',
    held: ['server/src/tokens/spent.ts', 'server/src/tokens/presented-token.ts', 'shared/src/gateway/replays.ts'],
    test: 'proofs.test.ts',
  },
  'Bearer downgrade of `cnf` token': {
    expected: '401, with a proof and without.',
    held: ['server/src/tokens/presented-token.ts', 'shared/src/gateway/presented.ts'],
    test: 'proofs.test.ts',
  },
  'exchange drops binding': {
    expected: 'Each grant needs a proof by the key of the device that authenticates, and binds the token to that key.',
    held: ['server/src/tokens/token-endpoint.ts', 'server/src/tokens/access-token.ts'],
    test: 'proofs.test.ts',
  },
  'secret compare': {
    expected: 'timingSafeEqual over SHA-256 digests, or a look-up by the digest; no secret is stored as it is.',
    held: ['shared/src/digest.ts', 'server/src/gateways/known-gateways.ts', 'server/src/tokens/nonces.ts'],
    test: 'secrets.test.ts',
  },
  'rate limit': {
    expected:
      'Per address on every class, per device on attestations; 429 with Retry-After, before anything is computed.',
    held: ['server/src/http/rate-limits.ts', 'server/src/http/adapter.ts', 'server/src/attestation/device-rate.ts'],
    test: 'input.test.ts',
  },
  'ReDoS in policies': {
    expected: 'No regular expression of an author; length caps; a budget of steps, and beyond it no token.',
    held: [
      'server/src/policy/expression-meaning.ts',
      'server/src/policy/meter.ts',
      'server/src/policy/read-document.ts',
    ],
    test: 'input.test.ts',
  },
  'SQL injection': {
    expected: 'Values are parameters, always; nobody names a column.',
    held: ['server/src/devices/list.ts', 'server/src/http/validate.ts', 'server/src/storage/statement.ts'],
    test: 'input.test.ts',
  },
  'console CSRF / fixation': {
    expected:
      '`__Host-` cookie, SameSite=Lax; exactly our Origin and JSON, which no form sends; a new session each time.',
    held: [
      'server/src/identity/sessions/cookies.ts',
      'server/src/identity/sessions/open-session.ts',
      'server/src/identity/authenticate.ts',
      'server/src/identity/origin.ts',
    ],
    test: 'people.test.ts',
  },
  'open redirect': {
    expected: 'Redirects and links lead to the configured issuer, or are relative; none of a request.',
    held: ['shared/src/console-path.ts', 'server/src/http/console-pages.ts', 'server/src/verify/denial-page.ts'],
    test: 'people.test.ts',
  },
  'sign-in CSRF': {
    expected:
      'Each way wants our Origin; what comes back from a provider counts once, in the browser that asked, from who was asked.',
    held: [
      'server/src/identity/origin.ts',
      'server/src/identity/ways/pending.ts',
      'server/src/identity/ways/provider-steps.ts',
    ],
    test: 'sign-in.test.ts',
  },
  'account linking': {
    expected: 'By iss and sub; by an address only if it is verified, allowed and new; roles go with their group.',
    held: [
      'server/src/identity/providers/whom.ts',
      'server/src/identity/providers/claims.ts',
      'server/src/identity/providers/standing-of.ts',
    ],
    test: 'sign-in.test.ts',
  },
  'sign-in enumeration / lock-out': {
    expected: 'One answer and one class of time; a lock shuts one way, not longer for more tries; a code counts once.',
    held: [
      'server/src/identity/ways/password-steps.ts',
      'server/src/step-up/lockout.ts',
      'server/src/step-up/code-answer.ts',
    ],
    test: 'sign-in.test.ts',
  },
  'sessions that outlive their reason': {
    expected:
      'Another password, no factors, another role, sent away: sessions, half sign-ins, links and streams end with it.',
    held: [
      'server/src/identity/sessions/end-sessions.ts',
      'server/src/identity/passwords/passwords.ts',
      'server/src/identity/users.ts',
      'server/src/step-up/reset.ts',
      'server/src/identity/authenticate.ts',
    ],
    test: 'console.test.ts',
  },
  'live events': {
    expected: 'To each what is theirs; so many a person; not for pages of other origins; over when the session is.',
    held: ['server/src/live/hears.ts', 'server/src/live/live.ts', 'server/src/identity/origin.ts'],
    test: 'console.test.ts',
  },
  'saved views': {
    expected: 'A path of a list and a query, both by their shape; one person sees them; a hundred at most.',
    held: ['shared/src/protocol/saved-view.ts', 'server/src/views/views.ts'],
    test: 'console.test.ts',
  },
  'secrets in answers': {
    expected: 'Shown once, where they are made; what is configured is shown without them.',
    held: ['server/src/config-shown.ts', 'server/src/settings/installation.ts'],
    test: 'console.test.ts',
  },
  'console pages': {
    expected: 'no-store, a nonce for each answer, frames for nobody, whatever the status.',
    held: ['server/src/http/console-pages.ts', 'server/src/http/security-headers.ts'],
    test: 'console.test.ts',
  },
  'webhook/SSF push SSRF': {
    expected: 'https; what a name stands for is looked at when it is connected to; no redirect; 5 s; 64 kB.',
    held: ['server/src/notify/webhook-address.ts', 'server/src/notify/send-webhook.ts', 'server/src/signals/push.ts'],
    test: 'outbound.test.ts',
  },
  'XSS via hostname etc.': {
    expected: 'Escaped where it is shown; no inline script or style; length caps; formulas in CSV made text.',
    held: ['server/src/verify/html.ts', 'server/src/http/console-pages.ts', 'shared/src/csv.ts', 'shared/src/text.ts'],
    test: 'output.test.ts',
  },
  'log injection': {
    expected: 'One line of JSON for each event, no control characters; never a token, a proof or a secret.',
    held: [
      'server/src/log.ts',
      'server/src/http/adapter.ts',
      'server/src/audit/export/rfc5424.ts',
      'server/src/audit/export/cef.ts',
    ],
    test: 'output.test.ts',
  },
  enumeration: {
    expected:
      'The same answer for what is unknown and what is not yours; exactly `{"active":false}`; 404 for a foreign stream.',
    held: [
      'server/src/tokens/introspect.ts',
      'server/src/gateways/known-gateways.ts',
      'server/src/tokens/client-authentication/unknown-client.ts',
      'server/src/signals/streams.ts',
    ],
    test: 'secrets.test.ts',
  },
  exceptions: {
    expected: 'Their end is asked about at issue and is in exp; it is told in a signal; nobody approves their own.',
    held: [
      'server/src/tokens/decide.ts',
      'server/src/exceptions/lifecycle/may-decide.ts',
      'server/src/signals/trust.ts',
    ],
    test: 'gateways.test.ts',
  },
  'path confusion': {
    expected:
      'What programs read differently is refused: `%2f`, `..;`, `#` and their like, at /verify, in the library and here.',
    held: [
      'shared/src/confusing-path.ts',
      'server/src/verify/external-url.ts',
      'shared/src/gateway/address.ts',
      'server/src/http/raw-request.ts',
    ],
    test: 'gateways.test.ts',
  },
  'fail-open': {
    expected: 'No backend, no way in, unless a gateway opted in; then each use is told to its operator.',
    held: ['server/src/verify/routes.ts', 'shared/src/gateway/judge.ts', 'shared/src/gateway/options.ts'],
    test: 'gateways.test.ts',
  },
} as const satisfies Record<string, Row>;

export type RowName = keyof typeof rows;
