import assert from 'node:assert/strict';
import { ownedHeaders } from '@postern/server/verify/owned-headers';
import type { Api } from './api.ts';
import type { HttpDevice } from './http-device.ts';
import type { RawAnswer } from './raw-http.ts';
import { attested, openScene, resource, type Scene } from './scene.ts';
import { type FamilyName, proofOf, type Question, VerifyGateway } from './verify-gateway.ts';

export const familyNames = ['nginx', 'forward', 'envoy'] as const;

/** A server, one gateway of each family in front of the same application, and a device in order. */
export interface VerifyScene extends Scene {
  device: HttpDevice;
  gateways: Record<FamilyName, VerifyGateway>;
}

export async function openVerifyScene(t: Parameters<typeof openScene>[0]): Promise<VerifyScene> {
  const scene = await openScene(t);
  const { url } = scene.backend;
  const gatewayOf = async (family: FamilyName) => new VerifyGateway(url, family, await newGateway(scene.admin));
  const gateways = {
    nginx: await gatewayOf('nginx'),
    forward: await gatewayOf('forward'),
    envoy: await gatewayOf('envoy'),
  };
  return { ...scene, device: await attested(scene.backend, scene.admin), gateways };
}

/** Makes a gateway and returns what it shows. */
export async function newGateway(admin: Api, resources: readonly string[] = [resource]): Promise<string> {
  const { status, body } = await admin.post('/v1/admin/gateways', { name: 'Front', resources });
  assert.equal(status, 201, JSON.stringify(body));
  return `${String(body['id'])}:${String(body['secret'])}`;
}

/** Asks with the token and a new proof for what is asked about, unless it is said otherwise. */
export async function askWith(
  gateway: VerifyGateway,
  device: HttpDevice,
  token: string,
  question: Question = {},
): Promise<RawAnswer> {
  const proof = 'proof' in question ? question.proof : await proofOf(device, token, question);
  return gateway.ask({ authorization: `DPoP ${token}`, ...question, proof });
}

/** The headers that an application believes, as they came. */
export function ownedIn({ headers }: RawAnswer): Record<string, unknown> {
  return Object.fromEntries(ownedHeaders.map((name) => [name, headers[name.toLowerCase()]]));
}

/** Refused under that code, with nothing that an application could take for an identity. */
export function assertDenied(answer: RawAnswer, status: number, code: string): void {
  const body = JSON.parse(answer.text) as Record<string, unknown>;
  assert.deepEqual([answer.status, body['error_code']], [status, code], answer.text);
  const { 'X-Posture-Reason': reason, ...identity } = ownedIn(answer);
  for (const [name, value] of Object.entries(identity)) assert.equal(value, '', name);
  assert.match(String(reason), /^[ -~]{10,}$/);
  assert.match(String(answer.headers['dpop-nonce']), /^[\w-]{40,}$/);
  assert.match(String(answer.headers['www-authenticate']), /^DPoP .*algs="ES256"$/);
}

export function assertPassed(answer: RawAnswer): void {
  assert.equal(answer.status, 200, `${answer.text} ${String(answer.headers['x-posture-reason'])}`);
}
