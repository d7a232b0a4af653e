import type { z } from 'zod';
import { deviceAuthorizationAnswerSchema, deviceAuthorizationRequestSchema } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import type { Deps } from '../deps.ts';
import { authorizeDevice } from '../device-codes/index.ts';
import { type DeviceFacts, readDeviceFacts } from '../devices/index.ts';
import { knownResources } from '../gateways/index.ts';
import { type AnyRoute, defineRoute, type Reply, type Request } from '../http/route.ts';
import { type ClientAuthenticationMethod, readClient, refuseUnknown } from './client-authentication/index.ts';
import { barOf } from './decide.ts';
import { proofErrors, verifyProof } from './dpop.ts';
import { type Attempt, commitSpending, newAttempt, refuse } from './refusals.ts';

type AuthorizationDeps = Pick<Deps, 'config' | 'store' | 'random' | 'nonces' | 'anonymousRefusals'> & {
  clientAuthentication: readonly ClientAuthenticationMethod[];
};
type AuthorizationRequest = Request<unknown, unknown, z.output<typeof deviceAuthorizationRequestSchema>>;

const path = '/oauth/device_authorization';

/**
 * `POST /oauth/device_authorization` (RFC 8628 section 3.1). A device that authenticates asks for a person, for one resource:
 * its owner, who says on another screen that they are at it; the token endpoint then gives a token for them. One that does
 * not is new, and asks who enrolls it.
 */
export function deviceAuthorizationEndpoint(deps: AuthorizationDeps): AnyRoute {
  const { store, nonces } = deps;

  /** As at the token endpoint, but that a DPoP proof is needed only where it is what completes the authentication. */
  async function authenticate(request: AuthorizationRequest, attempt: Attempt): Promise<DeviceFacts> {
    const { method, url, now } = request;
    const client = await readClient(deps.clientAuthentication, request, now);
    attempt.deviceId = client.deviceId;
    const text = request.header('dpop');
    const proof = text === undefined ? undefined : verifyProof(nonces, { proof: text, method, url, now });
    if (proof !== undefined) attempt.spent.push(proof.spent);
    const facts = (await readDeviceFacts(store.read, { id: client.deviceId })) ?? refuseUnknown(client, now);
    const spent = client.verify(facts, now);
    if (spent !== undefined) attempt.spent.push(spent);
    else if (proof === undefined) verifyProof(nonces, { proof: undefined, method, url, now });
    if (proof !== undefined && proof.jkt !== facts.jkt) throw new Fault('proof_other_key');
    attempt.authenticated = true;
    return facts;
  }

  async function askForPerson(request: AuthorizationRequest, attempt: Attempt): Promise<Reply> {
    const { body, remoteAddress, now } = request;
    const facts = await authenticate(request, attempt);
    const { resource } = body;
    attempt.resource = resource ?? null;
    if (resource === undefined) throw new Fault('resource_missing');
    if (!(await knownResources(store.read)).has(resource)) throw new Fault('resource_unknown');
    if (body.scope !== undefined) throw new Fault('scope_invalid');
    // What it may have is decided when it asks for the token: its posture may be put right while somebody reads the code.
    const barred = barOf(facts);
    if (barred !== undefined) throw new Fault(barred);
    const asked = { deviceName: facts.name, remoteAddress, signIn: { deviceId: facts.id, resource } };
    const answer = await authorizeDevice(deps, asked, now, (unit) => commitSpending(store, attempt.spent, unit));
    return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: answer };
  }

  return defineRoute({
    method: 'POST',
    path,
    summary: 'Start the device flow (RFC 8628): a code for the device, and one for the person who answers it',
    audience: 'open',
    rate: 'enrollment',
    body: { type: 'form', schema: deviceAuthorizationRequestSchema, maxBytes: 16_384 },
    replies: { 200: deviceAuthorizationAnswerSchema },
    errors: [
      'unavailable',
      ...new Set([...proofErrors, ...deps.clientAuthentication.flatMap(({ errors }) => errors), ...askErrors]),
    ],
    async handle(request) {
      const { body, remoteAddress, now } = request;
      const isEnrolled =
        body.resource !== undefined || deps.clientAuthentication.some((each) => each.isUsedBy(request));
      if (!isEnrolled) {
        const asked = { deviceName: body.device_name ?? null, remoteAddress, signIn: null };
        return { status: 200, body: await authorizeDevice(deps, asked, now) };
      }
      const attempt = newAttempt(path, now);
      try {
        return await askForPerson(request, attempt);
      } catch (error) {
        throw error instanceof Fault ? await refuse(deps, attempt, error) : error;
      }
    },
  });
}

const askErrors = [
  'assertion_missing',
  'device_unknown',
  'resource_missing',
  'resource_unknown',
  'scope_invalid',
  'device_pending',
  'device_suspended',
  'device_retired',
  'device_quarantined',
  'owner_inactive',
] as const;
