import assert from 'node:assert/strict';
import type { GenerateKeyPairResult } from 'jose';
import { FakeDevice, type Forgery } from '@postern/server/attestation/testing/fake-device';
import { reading, someReadings } from '@postern/server/attestation/testing/readings';
import type { Platform } from '@postern/shared/checks/define';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Clock } from '@postern/shared/time';
import type { Api, ApiAnswer } from './api.ts';

/** A server as a device knows it. */
export interface Place {
  url: string;
  /** What it calls itself, where that is not where it listens. */
  issuer?: string;
  clock: Clock;
}

/** What a token request is made of, as far as a test wants it to be different. */
export interface TokenWish {
  resource?: string;
  proof?: Forgery;
  assertion?: Forgery;
  /** Sent as they are, instead of freshly signed ones. */
  proofText?: string;
  assertionText?: string;
  /** Server that gets the request, if not the device's own. */
  at?: string;
}

/** A policy that a device meets as long as its firewall is on, in place of the default one. */
export const firewallPolicy = `
policy: baseline
title: Firewalls are on
max_age: 1h
token_life: 5m
rules:
  - id: firewall
    title: Firewall
    check: firewall
    require: value.enabled
    expected: The firewall is on
    severity: high
    time_to_fix: 0s
    on_unknown: block
    exceptions:
      max_duration: 8h
      max_total: 12h
      approvals: 1
`;

/** A device with a real key that speaks the protocol over HTTP: what it says and signs, a test may forge. */
export class HttpDevice {
  readonly place: Place;
  readonly fake: FakeDevice;
  readonly issuer: string;

  private constructor(place: Place, fake: FakeDevice) {
    this.place = place;
    this.fake = fake;
    this.issuer = place.issuer ?? place.url;
  }

  /** A new device of the person who owns `admin`, enrolled with a token that this admin makes. */
  static async enroll(
    place: Place,
    admin: Api,
    keys?: GenerateKeyPairResult,
    platform: Platform = 'linux',
  ): Promise<HttpDevice> {
    const device = new HttpDevice(place, await FakeDevice.make(place.issuer ?? place.url, keys));
    const enrolled = await device.enrollAgain(admin, platform);
    assert.equal(enrolled.status, 201, JSON.stringify(enrolled.body));
    device.fake.id = String(enrolled.body['deviceId']);
    return device;
  }

  /** Enrolls the same key; the first refusal on the way is the answer. */
  async enrollAgain(admin: Api, platform: Platform = 'linux'): Promise<ApiAnswer> {
    const { body: self } = await admin.get('/v1/admin/session');
    const { body: made } = await admin.post('/v1/admin/enrollment-tokens', { owner: self['id'] });
    const begun = await this.open('POST', '/v1/enrollments', {
      token: made['token'],
      key: this.fake.jwk,
      provider: 'file',
      device: { name: 'Test computer', platform, agentVersion: '0.1.0' },
    });
    if (begun.status !== 201) return begun;
    const { id, challenge } = begun.body as { id: string; challenge: string };
    const proof = await this.fake.keyProof({ id, challenge }, this.place.clock.now());
    return this.open('POST', `/v1/enrollments/${id}/finish`, { proof });
  }

  /** The other machine that holds this key. */
  clone(): HttpDevice {
    return new HttpDevice(this.place, this.fake.clone());
  }

  /** The same device, which talks to another server of the same issuer. */
  at(url: string): HttpDevice {
    return new HttpDevice({ ...this.place, url, issuer: this.issuer }, this.fake);
  }

  async nonce(): Promise<string> {
    const { body } = await this.open('POST', '/oauth/challenge');
    return String(body['attestation_challenge']);
  }

  /** Signs an attestation of a machine in order (with what is given instead), without sending it. */
  async signAttestation(forgery: Forgery = {}, readings: Readings = {}): Promise<string> {
    const now = this.place.clock.now();
    return this.fake.attest({ readings: someReadings(now, readings), nonce: await this.nonce(), now, ...forgery });
  }

  async attest(forgery: Forgery = {}, readings: Readings = {}): Promise<ApiAnswer> {
    return this.send(await this.signAttestation(forgery, readings));
  }

  /** What this machine reports when its firewall is off. */
  firewallOff(): Readings {
    return { firewall: reading({ enabled: false, provider: 'nftables' }, this.place.clock.now()) };
  }

  send(jws: string): Promise<ApiAnswer> {
    return exchange(`${this.place.url}/v1/attestations`, {
      method: 'POST',
      headers: { 'content-type': 'application/eat+jwt' },
      body: jws,
    });
  }

  /** A DPoP proof for a request to this device's issuer. */
  async proof(method: string, path: string, forgery: Forgery & { accessToken?: string } = {}): Promise<string> {
    const call = { method, url: `${this.issuer}${path}`, nonce: await this.nonce(), now: this.place.clock.now() };
    return this.fake.dpopProof({ ...call, ...forgery });
  }

  async assertion(forgery: Forgery = {}): Promise<string> {
    return (await this.fake.clientAssertion(this.place.clock.now(), forgery)).client_assertion;
  }

  /** Asks for a token. */
  async token(wish: TokenWish = {}): Promise<ApiAnswer> {
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: wish.assertionText ?? (await this.assertion(wish.assertion)),
      resource: wish.resource ?? 'https://app.example',
    };
    const dpop = wish.proofText ?? (await this.proof('POST', '/oauth/token', wish.proof));
    const url = `${wish.at ?? this.place.url}/oauth/token`;
    return exchange(url, { method: 'POST', headers: { dpop }, body: new URLSearchParams(form) });
  }

  /** A token that was granted. */
  async accessToken(resource = 'https://app.example'): Promise<string> {
    const { status, body } = await this.token({ resource });
    assert.equal(status, 200, JSON.stringify(body));
    return String(body['access_token']);
  }

  /** Calls the device API. */
  async call(method: string, path: string, body?: unknown, proofText?: string): Promise<ApiAnswer> {
    const dpop = proofText ?? (await this.proof(method, path));
    return exchange(`${this.place.url}${path}`, {
      method,
      headers: { dpop, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  private open(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    return exchange(`${this.place.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }
}

async function exchange(url: string, request: RequestInit): Promise<ApiAnswer> {
  const answer = await fetch(url, request);
  const text = await answer.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: answer.status, headers: answer.headers, body };
}
