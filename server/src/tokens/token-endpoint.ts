import type { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import { type FailedCheck, tokenAnswerSchema, tokenRequestSchema } from '@postern/shared/protocol/token';
import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Deps } from '../deps.ts';
import { deviceQuery, type DeviceFacts, factsOf } from '../devices/index.ts';
import { createResources, resourceEpoch } from '../gateways/index.ts';
import { type AnyRoute, defineRoute, type Reply, type Request } from '../http/route.ts';
import { preparedQuery } from '../storage/prepared-query.ts';
import { accessTokenType, newAccessToken } from './access-token.ts';
import { readClientAssertion, verifyClientAssertion } from './client-assertion.ts';
import { decide, type Granted, type Refused } from './decide.ts';
import { nonceHeader, verifyProof } from './dpop.ts';
import { type Attempt, commitSpending, newAttempt, refuse } from './refusals.ts';

type TokenDeps = Pick<
  Deps,
  'config' | 'store' | 'random' | 'policies' | 'nonces' | 'signingKeys' | 'anonymousRefusals'
>;
type TokenRequest = Request<unknown, unknown, z.output<typeof tokenRequestSchema>>;

const path = '/oauth/token';

/**
 * `POST /oauth/token` (RFC 6749 section 4.4, RFC 7523, RFC 8707, RFC 9449): the device asks for a token for one resource.
 * Two round trips to the database: all facts in one read, all effects in one unit.
 */
export function tokenEndpoint(deps: TokenDeps): AnyRoute {
  const { config, store, nonces, random } = deps;
  const resources = createResources(store);

  async function issue(request: TokenRequest, attempt: Attempt): Promise<Reply> {
    const { body, now } = request;
    // 1. The proof: that the caller holds a key, and made this for us, now.
    const proof = verifyProof(nonces, {
      proof: request.header('dpop'),
      method: request.method,
      url: request.url,
      now,
    });
    attempt.spent.push(proof.spent);

    // 2. The assertion: which device it is.
    const assertion = readClientAssertion(body);
    attempt.deviceId = assertion.deviceId;
    const { facts, epoch } = await readFacts(store, assertion.deviceId);
    attempt.spent.push(verifyClientAssertion(assertion, facts, config.issuer, now));
    if (proof.jkt !== facts.jkt) throw new Fault('proof_other_key');
    attempt.authenticated = true;

    // 3. What it asks for.
    const resource = body.resource ?? null;
    attempt.resource = resource;
    if (resource === null) throw new Fault('resource_missing');
    if (!(await resources.at(epoch)).has(resource)) throw new Fault('resource_unknown');
    // No resource offers scopes: a scope that the device chose for itself would say nothing.
    if (body.scope !== undefined) throw new Fault('scope_invalid');

    // 4. Whether it may.
    const decision = decide(facts, await deps.policies.at(facts.policyEpoch), resource, now);
    if (!decision.granted) throw refusalOf(decision, config.issuer, attempt);

    // 5. The token, and its trace.
    return grant(facts, resource, decision, attempt);
  }

  async function grant(facts: DeviceFacts, resource: string, decision: Granted, attempt: Attempt): Promise<Reply> {
    const { now } = attempt;
    const token = newAccessToken({ facts, resource, decision, issuer: config.issuer, now }, random);
    const signed = await deps.signingKeys.sign(token.claims, accessTokenType, now);
    await commitSpending(store, attempt.spent, { changes: [token.change], audit: [token.event] });
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store', ...nonceHeader(nonces, now).headers },
      body: { access_token: signed, token_type: 'DPoP', expires_in: token.expiresIn } satisfies z.input<
        typeof tokenAnswerSchema
      >,
    };
  }

  return defineRoute({
    method: 'POST',
    path,
    summary: 'Ask for an access token',
    audience: 'open',
    rate: 'token',
    body: { type: 'form', schema: tokenRequestSchema, maxBytes: 16_384 },
    replies: { 200: tokenAnswerSchema },
    errors: [
      'grant_unsupported',
      ...proofErrors,
      ...assertionErrors,
      'proof_other_key',
      'device_unknown',
      'resource_missing',
      'resource_unknown',
      'scope_invalid',
      'device_pending',
      'device_suspended',
      'device_retired',
      'device_quarantined',
      'owner_inactive',
      'never_attested',
      'evidence_stale',
      'posture_refused',
    ],
    async handle(request) {
      if (request.body.grant_type !== 'client_credentials') throw new Fault('grant_unsupported');
      const attempt = newAttempt(path, request.now);
      try {
        return await issue(request, attempt);
      } catch (error) {
        throw error instanceof Fault ? await refuse(deps, attempt, error) : error;
      }
    },
  });
}

export const proofErrors = [
  'proof_missing',
  'proof_invalid',
  'proof_algorithm',
  'proof_other_url',
  'proof_from_future',
  'proof_too_old',
  'proof_replayed',
  'nonce_required',
] as const;

export const assertionErrors = [
  'assertion_missing',
  'assertion_invalid',
  'assertion_algorithm',
  'assertion_audience',
  'assertion_foreign_key',
  'assertion_from_future',
  'assertion_expired',
  'assertion_replayed',
] as const;

const rowsById = preparedQuery((read, id) =>
  deviceQuery(read).where('devices.id', '=', id).select(resourceEpoch.as('resource_epoch')),
);

/** All that the decision needs, in one query. */
async function readFacts(store: Deps['store'], deviceId: string): Promise<{ facts: DeviceFacts; epoch: string }> {
  const rows = await rowsById(store.read, deviceId);
  const facts = factsOf(rows);
  if (facts === undefined) throw new Fault('device_unknown');
  return { facts, epoch: rows[0]?.resource_epoch ?? '' };
}

/** Says which rules stand in the way, by when, and where the fix is. */
function refusalOf({ code, verdict }: Refused, issuer: string, attempt: Attempt): Fault {
  if (verdict === null && code !== 'never_attested') return new Fault(code);
  const failed = failedChecksOf(verdict);
  attempt.rules = failed.map(({ rule }) => rule);
  return new Fault(code, {
    members: {
      posture_status: verdict?.status ?? 'never-attested',
      failed_checks: failed,
      remediation_uri: `${issuer}/console/`,
    },
  });
}

function failedChecksOf(verdict: Verdict | null): FailedCheck[] {
  const blocked = (verdict?.rules ?? []).filter(({ standing }) => standing === 'blocked');
  return blocked.map(({ policy, rule, title, outcome, expected, observed, reason, since, deadline, fix }) => ({
    rule: `${policy}/${rule}`,
    title,
    outcome,
    expected,
    observed,
    reason,
    since,
    deadline,
    fix,
  }));
}
