import assert from 'node:assert/strict';
import { createSignInLink } from '@postern/server/identity/index';
import { clientAssertionType, tokenTypes } from '@postern/shared/protocol/token';
import type { ApiAnswer } from '../support/api.ts';
import type { HttpDevice } from '../support/http-device.ts';
import { resource, type Scene } from '../support/scene.ts';

export const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';

/** The part of a token request that says who it is for: made anew each time, because some of it is good once. */
export type Ask = () => Promise<Record<string, string>>;

/** What authenticates a token request; what is left out is the device's own, and null is nothing at all. */
export interface Shown {
  proof?: string | null;
  assertion?: string | null;
}

export async function grantsOffered({ backend }: Pick<Scene, 'backend'>): Promise<string[]> {
  const answer = await fetch(`${backend.url}/.well-known/oauth-authorization-server`);
  return ((await answer.json()) as { grant_types_supported: string[] }).grant_types_supported;
}

/** A good request for that device by each grant type, by its name. */
export async function openGrants(scene: Scene, device: HttpDevice): Promise<Record<string, Ask>> {
  const owner = await signIn(scene, await ownerOf(scene, device));
  const { body: devices } = await device.call('GET', '/v1/device');
  assert.equal(devices['id'], device.fake.id);
  return {
    client_credentials: async () => ({}),
    [exchange]: async () => {
      const { status, body } = await owner('POST', '/v1/me/sign-in-tokens', { device: device.fake.id });
      assert.equal(status, 201, JSON.stringify(body));
      return { subject_token: String(body['token']), subject_token_type: tokenTypes.jwt };
    },
    [deviceCode]: async () => {
      const form = { ...(await authentication(device)), resource };
      const begun = await post(device, '/oauth/device_authorization', form, {});
      assert.equal(begun.status, 200, JSON.stringify(begun.body));
      const decision = { user_code: begun.body['user_code'], decision: 'approve' };
      const decided = await owner('POST', '/v1/admin/device-codes', decision);
      assert.equal(decided.status, 204, JSON.stringify(decided.body));
      return { device_code: String(begun.body['device_code']) };
    },
  };
}

/** Asks for a token with that form, by the grant type of that name. */
export async function askToken(
  device: HttpDevice,
  grant: string,
  form: Record<string, string>,
  { proof, assertion }: Shown = {},
): Promise<ApiAnswer> {
  const dpop = proof === undefined ? await device.proof('POST', '/oauth/token') : proof;
  const shown = assertion === null ? {} : await authentication(device, assertion);
  return post(
    device,
    '/oauth/token',
    { grant_type: grant, resource, ...shown, ...form },
    dpop === null ? {} : { dpop },
  );
}

async function authentication(device: HttpDevice, text?: string): Promise<Record<string, string>> {
  return { client_assertion_type: clientAssertionType, client_assertion: text ?? (await device.assertion()) };
}

async function post(
  { place }: HttpDevice,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string>,
): Promise<ApiAnswer> {
  const answer = await fetch(place.url + path, { method: 'POST', headers, body: new URLSearchParams(form) });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as ApiAnswer['body'] };
}

async function ownerOf({ backend }: Scene, device: HttpDevice): Promise<string> {
  const { store } = backend.server.deps;
  const row = await store.read
    .selectFrom('devices')
    .select('owner_id')
    .where('id', '=', device.fake.id)
    .executeTakeFirstOrThrow();
  return row.owner_id;
}

/** Calls the API as a browser in which that person has signed in. */
export async function signIn({ backend }: Pick<Scene, 'backend'>, userId: string) {
  const { deps } = backend.server;
  const { link } = await createSignInLink(deps, userId, { kind: 'system', id: null }, backend.clock.now());
  const code = new URLSearchParams(new URL(link).hash.slice(1)).get('sign-in');
  const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const answer = await fetch(backend.url + path, {
      method,
      headers: { origin: deps.config.issuer, 'content-type': 'application/json', ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const read = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: answer.status, headers: answer.headers, body: read };
  };
  const signed = await call('POST', '/v1/admin/session', { code });
  assert.equal(signed.status, 200, JSON.stringify(signed.body));
  const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? '';
  return (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    call(method, path, body, { cookie, ...more });
}
