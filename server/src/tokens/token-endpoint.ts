import type { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import { tokenAnswerSchema, tokenRequestSchema } from '@postern/shared/protocol/token';
import type { Deps } from '../deps.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { createResources } from '../gateways/index.ts';
import { type AnyRoute, defineRoute, type Reply, type Request } from '../http/route.ts';
import { ConflictError } from '../storage/store.ts';
import { accessTokenType, newAccessToken } from './access-token.ts';
import {
  type ClaimedClient,
  type ClientAuthenticationMethod,
  readClient,
  refuseUnknown,
} from './client-authentication/index.ts';
import { decide, type Granted } from './decide.ts';
import { nonceHeader, proofErrors, type VerifiedProof, verifyProof } from './dpop.ts';
import { explainRefusal, explainUnmet } from './explain-refusal.ts';
import type { Authorization, GrantType } from './grants/index.ts';
import { holdExceptions } from './hold-exceptions.ts';
import { createTokenFacts, type TokenFacts } from './token-facts.ts';
import { type Attempt, commitSpending, newAttempt, refuse } from './refusals.ts';
import { meetsRequirements } from './requirements.ts';

type TokenDeps = Pick<
  Deps,
  'config' | 'store' | 'random' | 'policies' | 'nonces' | 'signingKeys' | 'anonymousRefusals'
> & {
  grantTypes: readonly GrantType[];
  clientAuthentication: readonly ClientAuthenticationMethod[];
};
type TokenRequest = Request<unknown, unknown, z.output<typeof tokenRequestSchema>>;

type Asked = Authorization & { resource: string };

/** What a caller says, and by what it is to be held to it. */
interface Claim {
  client: ClaimedClient;
  proof: VerifiedProof;
  grantType: GrantType;
  body: TokenRequest['body'];
}

const path = '/oauth/token';
/** So often may what a token leans on change while it is made before the device is asked to try again. */
const maxAttempts = 4;

/**
 * `POST /oauth/token` (RFC 6749 section 3.2, RFC 8707, RFC 9449): the device asks for a token for one resource, for itself
 * or for the person who is at it, by one of the grant types, authenticated by one of the methods.
 * Two round trips to the database: all facts in one read, or as they were kept, and all effects in one unit.
 */
export function tokenEndpoint(deps: TokenDeps): AnyRoute {
  const { config, store, nonces, random } = deps;
  const tokenFacts = createTokenFacts(store);
  const resources = createResources(store);
  const grantTypes = new Map(deps.grantTypes.map((grantType) => [grantType.name, grantType]));

  async function issue(request: TokenRequest, grantType: GrantType, attempt: Attempt): Promise<Reply> {
    const { body, now } = request;
    // 1. The proof: that the caller holds a key, and made this for us, now.
    const proof = verifyProof(nonces, {
      proof: request.header('dpop'),
      method: request.method,
      url: request.url,
      now,
    });
    attempt.spent.push(proof.spent);

    // 2. Which device it says it is.
    const claimed = readClient(deps.clientAuthentication, request, now);
    const client = claimed instanceof Promise ? await claimed : claimed;
    attempt.deviceId = client.deviceId;

    // 3. By facts that were kept, only who holds the device's key is answered, and only with a token, whose commit makes sure
    // that they still stand. Everything else is said by what is stored now.
    const claim: Claim = { client, proof, grantType, body };
    const kept = grantType.fromFacts ? tokenFacts.kept(client.deviceId) : undefined;
    if (kept?.facts.jkt === proof.jkt) {
      const tried = { ...attempt, spent: [...attempt.spent] };
      try {
        return await decideAndGrant(kept, await authorize(kept.facts, claim, tried), body, tried);
      } catch (error) {
        if (!(error instanceof Fault || error instanceof ConflictError)) throw error;
      }
    }
    let read = (await tokenFacts.read(client.deviceId)) ?? refuseUnknown(client, now);
    const asked = await authorize(read.facts, claim, attempt);

    // When what it leans on has begun or ended meanwhile: once more.
    for (let round = 1; ; round += 1) {
      try {
        return await decideAndGrant(read, asked, body, attempt);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        if (round === maxAttempts) throw new Fault('conflict', { cause: error });
      }
      read = (await tokenFacts.read(client.deviceId)) ?? refuseUnknown(client, now);
      // What the caller showed was for the device as it was read first.
      if (read.facts.jkt !== proof.jkt) throw new Fault('proof_other_key');
    }
  }

  /** Whether it is that device, and what it asks for, and for whom. */
  async function authorize(
    facts: DeviceFacts,
    { client, proof, grantType, body }: Claim,
    attempt: Attempt,
  ): Promise<Asked> {
    const spent = client.verify(facts, attempt.now);
    if (spent !== undefined) attempt.spent.push(spent);
    if (proof.jkt !== facts.jkt) throw new Fault('proof_other_key');
    attempt.authenticated = true;

    const asked = grantType.authorize({ body, facts, attempt });
    const authorization = asked instanceof Promise ? await asked : asked;
    const { resource } = authorization;
    attempt.resource = resource ?? null;
    if (resource === undefined) throw new Fault('resource_missing');
    return { ...authorization, resource };
  }

  /** Whether it may, and the token with its trace. */
  async function decideAndGrant(
    read: TokenFacts,
    asked: Asked,
    wanted: TokenRequest['body'],
    attempt: Attempt,
  ): Promise<Reply> {
    const { facts, epoch } = read;
    const { subject, resource } = asked;
    if (!(await resources.at(epoch)).has(resource)) throw new Fault('resource_unknown');
    // No resource offers scopes: a scope that the device chose for itself would say nothing.
    if (wanted.scope !== undefined) throw new Fault('scope_invalid');
    const rulebook = await deps.policies.at(facts.policyEpoch);
    const decision = decide(facts, rulebook, resource, attempt.now);
    if (!decision.granted) throw explainRefusal(decision, { issuer: config.issuer, resource, rulebook, attempt });
    if (!meetsRequirements(wanted, decision, subject, attempt.now)) {
      throw explainUnmet(decision, { issuer: config.issuer, attempt });
    }
    return grant(read, asked, decision, attempt);
  }

  async function grant(
    { facts, versions, basis }: TokenFacts,
    { subject, resource, uses, answer }: Asked,
    decision: Granted,
    attempt: Attempt,
  ): Promise<Reply> {
    const { now } = attempt;
    const token = newAccessToken({ facts, subject, resource, decision, issuer: config.issuer, now }, random);
    const signed = await deps.signingKeys.sign(token.claims, accessTokenType, now);
    const held = holdExceptions({ facts, decision, versions }, now);
    await commitSpending(store, uses.length === 0 ? attempt.spent : [...attempt.spent, ...uses], {
      changes: [...held.changes, token.change],
      audit: [...held.audit, token.event],
      basis,
    });
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store', ...nonceHeader(nonces, now).headers },
      body: { access_token: signed, token_type: 'DPoP', expires_in: token.expiresIn, ...answer } satisfies z.input<
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
      ...new Set([
        'grant_unsupported' as const,
        ...proofErrors,
        ...deps.clientAuthentication.flatMap(({ errors }) => errors),
        ...deps.grantTypes.flatMap(({ errors }) => errors),
        ...decisionErrors,
      ]),
    ],
    async handle(request) {
      const grantType = grantTypes.get(request.body.grant_type);
      if (grantType === undefined) throw new Fault('grant_unsupported');
      const attempt = newAttempt(path, request.now);
      try {
        return await issue(request, grantType, attempt);
      } catch (error) {
        throw error instanceof Fault ? await refuse(deps, attempt, error) : error;
      }
    },
  });
}

const decisionErrors = [
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
  'authentication_requirements_unmet',
  'conflict',
] as const;
