import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';
import { generateKeyPair, type JWK } from 'jose';
import { createSigningKeyVault } from '@postern/server/tokens/signing-key-vault';
import type { KeyUse } from '@postern/server/tokens/signing-keys';
import { createGateway, type Gateway, type GatewayOptions, type Problem } from '@postern/shared/gateway';
import type { ApiAnswer } from '../support/api.ts';
import type { Backend } from '../support/backend.ts';
import type { HttpDevice } from '../support/http-device.ts';
import { attested, openScene, resource, type Scene } from '../support/scene.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';
import { newGateway } from '../support/verify-scene.ts';
import { keyObject, resealed } from './raw-jws.ts';

export type Scope = Parameters<typeof openScene>[0];

/** Whoever is asked about an access token. */
export interface Door {
  name: string;
  /** Whether it takes the token; what it answers must be the one or the other. */
  takes(token: string): Promise<boolean>;
}

/** What a device signs, and where it shows it. */
export interface Paper {
  name: string;
  genuine: () => Promise<string>;
  show: (text: string) => Promise<ApiAnswer>;
}

/** A backend, a device in order whose key is at hand, and everybody who looks at what is signed. */
export interface DoorScene extends Scene {
  device: HttpDevice;
  deviceKey: KeyObject;
  /** Of the backend, that signs access tokens. */
  serverKey: KeyObject;
  /** Of the gateway at introspection and at /verify. */
  credentials: string;
  doors: readonly Door[];
  papers: readonly Paper[];
}

const address = `${resource}/reports`;

export async function openDoors(t: Scope): Promise<DoorScene> {
  const scene = await openScene(t);
  const keys = await generateKeyPair('ES256', { extractable: true });
  const device = await attested(scene.backend, scene.admin, keys);
  const credentials = await newGateway(scene.admin);
  const { library } = openLibrary(t, scene.backend);
  return {
    ...scene,
    device,
    deviceKey: keyObject(keys.privateKey),
    serverKey: await serverKey(scene.backend, 'access-token'),
    credentials,
    doors: [
      introspectionDoor(scene.backend.url, credentials),
      verifyDoor(scene.backend.url, credentials, device),
      libraryDoor(library, device),
    ],
    papers: papersOf(device),
  };
}

/** A private key of the backend, as a confused part of it might use it. */
export async function serverKey({ server: { deps } }: Backend, use: KeyUse, named?: string): Promise<KeyObject> {
  if (use === 'signal') await deps.signalKeys.jwks();
  let query = deps.store.read.selectFrom('signing_keys').select(['kid', 'private_jwe']).where('use', '=', use);
  if (named !== undefined) query = query.where('kid', '=', named);
  const { kid, private_jwe: sealed } = await query.executeTakeFirstOrThrow();
  return (await createSigningKeyVault(deps.config.masterSecret, use).open(kid, sealed)).privateKey;
}

interface PublishedKey extends JWK {
  kid: string;
  alg: string;
}

/** The keys of tokens or of signals, from where the metadata says that they are. */
export async function publishedKeys(url: string, use: KeyUse): Promise<PublishedKey[]> {
  const document = use === 'signal' ? 'ssf-configuration' : 'oauth-authorization-server';
  const metadata = (await (await fetch(`${url}/.well-known/${document}`)).json()) as { jwks_uri: string };
  return ((await (await fetch(metadata.jwks_uri)).json()) as { keys: PublishedKey[] }).keys;
}

/** The gateway library before the application, what it asked the backend, and what its operator was told. */
export function openLibrary(t: Scope, { url, clock }: Backend, options: Partial<GatewayOptions> = {}) {
  const asked: string[] = [];
  const problems: Problem[] = [];
  const library = createGateway({
    issuer: url,
    audience: resource,
    mode: 'local',
    clock,
    onProblem: (problem) => void problems.push(problem),
    fetch: (input, init) => {
      asked.push(new URL(new Request(input).url).pathname);
      return fetch(input, init);
    },
    ...options,
  });
  t.after(() => library.close());
  return { library, asked, problems };
}

/** Asks the library about a request for the application, with a fresh proof. */
export async function askLibrary(library: Gateway, device: HttpDevice, token: string) {
  const dpop = await proofOf(device, token, { url: address });
  return library.verify({ method: 'GET', url: '/reports', headers: { authorization: `DPoP ${token}`, dpop } });
}

function introspectionDoor(url: string, credentials: string): Door {
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return {
    name: 'introspection',
    async takes(token) {
      const body = new URLSearchParams({ token });
      const answer = await fetch(`${url}/oauth/introspect`, { method: 'POST', headers: { authorization }, body });
      assert.equal(answer.status, 200);
      const text = await answer.text();
      if (text.includes('"active":true')) return true;
      assert.equal(text, '{"active":false}');
      return false;
    },
  };
}

function verifyDoor(url: string, credentials: string, device: HttpDevice): Door {
  const gateway = new VerifyGateway(url, 'nginx', credentials);
  return {
    name: '/verify',
    async takes(token) {
      const proof = await proofOf(device, token, { url: address });
      const { status, text } = await gateway.ask({ authorization: `DPoP ${token}`, proof, url: address });
      assert.ok(status === 200 || status === 401, text);
      return status === 200;
    },
  };
}

function libraryDoor(library: Gateway, device: HttpDevice): Door {
  return {
    name: 'the gateway library',
    async takes(token) {
      const outcome = await askLibrary(library, device, token);
      assert.ok(outcome.ok || outcome.status === 401, JSON.stringify(outcome));
      return outcome.ok;
    },
  };
}

function papersOf(device: HttpDevice): Paper[] {
  return [
    {
      name: 'DPoP proof',
      genuine: () => device.proof('POST', '/oauth/token'),
      show: (proofText) => device.token({ proofText }),
    },
    {
      name: 'client assertion',
      genuine: () => device.assertion(),
      show: (assertionText) => device.token({ assertionText }),
    },
    {
      name: 'attestation',
      // Of a copy, so that one that is refused leaves the device's own history as it is.
      genuine: () => device.clone().signAttestation(),
      show: (text) => device.send(text),
    },
  ];
}

/** No door takes it, though each still takes a good one. */
export async function assertNoDoorTakes(doors: readonly Door[], what: string, token: string): Promise<void> {
  for (const door of doors) assert.equal(await door.takes(token), false, `${door.name} took a token ${what}`);
}

export async function assertAllDoorsTake(doors: readonly Door[], token: string): Promise<void> {
  for (const door of doors) assert.equal(await door.takes(token), true, `${door.name} refuses a good token`);
}

/** Refused with a 4xx and a code of its own; `codes` is what may be wrong with it. */
export async function assertPaperRefused(
  { name, show }: Paper,
  what: string,
  text: string,
  codes: RegExp,
): Promise<void> {
  const { status, body } = await show(text);
  assert.ok(status >= 400 && status < 500, `${name} ${what}: ${status}`);
  assert.match(String(body['error_code']), codes, `${name} ${what}`);
}

/** That changing nothing changes nothing: what is refused is refused for what was changed. */
export async function assertPapersGood(papers: readonly Paper[], key: KeyObject, device: HttpDevice): Promise<void> {
  for (const { name, genuine, show } of papers) {
    const isAttestation = name === 'attestation';
    const text = isAttestation ? await device.signAttestation() : resealed(await genuine(), key, {});
    const { status, body } = await show(text);
    assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
  }
}
