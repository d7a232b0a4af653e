import { toNumericDate } from '@postern/shared/time';
import type { FakeDevice } from './fake-device.ts';
import { issuer, ownerId, type Outcome, resource, type TokenService } from './token-service.ts';

/** What the device would get from the endpoint, after its proof. */
export async function askForAttestation(service: TokenService, device: FakeDevice): Promise<Outcome> {
  return service.call('POST', '/oauth/client-attestation', {
    caller: { kind: 'device', id: device.id, jkt: device.jkt, state: 'active', ownerId, ownerName: 'Ada' },
  });
}

/** A client attestation, as the device holds it. */
export async function attestationOf(service: TokenService, device: FakeDevice): Promise<string> {
  const { status, body } = await askForAttestation(service, device);
  if (status !== 200) throw new Error(`no client attestation: ${status}`);
  return (body as { client_attestation: string }).client_attestation;
}

interface AttestedRequest {
  attestation?: string;
  proof?: string;
  /** Then the two are not combined. */
  pop?: string;
  form?: Record<string, string>;
}

/** A token request with a client attestation and a DPoP proof, and without client assertion. */
export async function askAttested(
  service: TokenService,
  device: FakeDevice,
  { attestation, proof, pop, form }: AttestedRequest = {},
): Promise<Outcome> {
  return service.call('POST', '/oauth/token', {
    headers: {
      dpop: proof ?? (await service.proofFor(device)),
      'oauth-client-attestation': attestation ?? (await attestationOf(service, device)),
      ...(pop === undefined ? {} : { 'oauth-client-attestation-pop': pop }),
    },
    form: { grant_type: 'client_credentials', resource, ...form },
  });
}

let made = 0;

/** A proof of possession beside the DPoP proof; `change` makes it another. */
export async function popOf(
  service: TokenService,
  device: FakeDevice,
  change: { header?: Record<string, unknown>; claims?: Record<string, unknown> } = {},
): Promise<string> {
  made += 1;
  const now = service.clock.now();
  const claims = { aud: issuer, jti: `pop-${made}`, iat: toNumericDate(now), challenge: service.nonces.issue(now) };
  return device.sign(
    { typ: 'oauth-client-attestation-pop+jwt', alg: 'ES256', ...change.header },
    { ...claims, ...change.claims },
  );
}
