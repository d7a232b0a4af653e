import type { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import { tokenAnswerSchema, tokenRequestSchema } from '@postern/shared/protocol/token';
import type { Deps } from '../deps.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { createResources } from '../gateways/index.ts';
import { type AnyRoute, defineRoute, type Reply, type Request } from '../http/route.ts';
import { ConflictError } from '../storage/store.ts';
import { accessTokenType, newAccessToken } from './access-token.ts';
import { readClientAssertion, verifyClientAssertion } from './client-assertion.ts';
import { decide, type Granted } from './decide.ts';
import { nonceHeader, verifyProof } from './dpop.ts';
import { holdExceptions } from './hold-exceptions.ts';
import { explainRefusal } from './explain-refusal.ts';
import { readTokenFacts, type TokenFacts } from './token-facts.ts';
import { type Attempt, commitSpending, newAttempt, refuse } from './refusals.ts';

type TokenDeps = Pick<
  Deps,
  'config' | 'store' | 'random' | 'policies' | 'nonces' | 'signingKeys' | 'anonymousRefusals'
>;
type TokenRequest = Request<unknown, unknown, z.output<typeof tokenRequestSchema>>;

const path = '/oauth/token';
/** So often may what a token leans on change while it is made before the device is asked to try again. */
const maxAttempts = 4;

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
    const read = await readTokenFacts(store, assertion.deviceId);
    attempt.spent.push(verifyClientAssertion(assertion, read.facts, config.issuer, now));
    if (proof.jkt !== read.facts.jkt) throw new Fault('proof_other_key');
    attempt.authenticated = true;

    // 3. What it asks for.
    const resource = body.resource ?? null;
    attempt.resource = resource;
    if (resource === null) throw new Fault('resource_missing');
    if (!(await resources.at(read.epoch)).has(resource)) throw new Fault('resource_unknown');
    // No resource offers scopes: a scope that the device chose for itself would say nothing.
    if (body.scope !== undefined) throw new Fault('scope_invalid');

    // 4. Whether it may; 5. the token, and its trace. When what it leans on has begun or ended meanwhile: once more.
    let facts = read;
    for (let round = 1; ; round += 1) {
      try {
        return await decideAndGrant(facts, resource, attempt);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        if (round === maxAttempts) throw new Fault('conflict', { cause: error });
      }
      facts = await readTokenFacts(store, assertion.deviceId);
      // The proof and the assertion were for the device as it was read first.
      if (facts.facts.jkt !== proof.jkt) throw new Fault('proof_other_key');
    }
  }

  async function decideAndGrant({ facts, versions }: TokenFacts, resource: string, attempt: Attempt): Promise<Reply> {
    const rulebook = await deps.policies.at(facts.policyEpoch);
    const decision = decide(facts, rulebook, resource, attempt.now);
    if (decision.granted) return grant(facts, resource, decision, versions, attempt);
    throw explainRefusal(decision, { issuer: config.issuer, resource, rulebook, attempt });
  }

  async function grant(
    facts: DeviceFacts,
    resource: string,
    decision: Granted,
    versions: TokenFacts['versions'],
    attempt: Attempt,
  ): Promise<Reply> {
    const { now } = attempt;
    const token = newAccessToken(
      { facts, subject: { kind: 'device' }, resource, decision, issuer: config.issuer, now },
      random,
    );
    const signed = await deps.signingKeys.sign(token.claims, accessTokenType, now);
    const held = holdExceptions({ facts, decision, versions }, now);
    await commitSpending(store, attempt.spent, {
      changes: [...held.changes, token.change],
      audit: [...held.audit, token.event],
    });
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
      'access_required',
      'conflict',
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
