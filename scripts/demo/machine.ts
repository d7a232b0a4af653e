import type { Platform } from '@postern/shared/checks/define';
import type { KeyProviderId } from '@postern/shared/protocol/enrollment';
import type { Readings } from '@postern/shared/protocol/reading';
import { FakeDevice } from '../../server/src/attestation/testing/fake-device.ts';
import { exchange, Refused, type Answer } from './actor.ts';
import { type Build, readingsOf, type Trouble } from './readings.ts';
import type { Person } from './company.ts';
import type { Stage } from './stage.ts';

/** Reports that are refused as part of the story. */
const refusals: ReadonlySet<string> = new Set([
  'attestation_rolled_back',
  'attestation_forked',
  'device_quarantined',
  'device_suspended',
  'device_retired',
  'device_state_invalid',
]);

/** A device of somebody, with its own key: what it says of itself follows from what is the matter with it. */
export class Machine {
  readonly owner: Person;
  readonly name: string;
  readonly platform: Platform;
  readonly serial: string;
  build: Build;
  readonly address: string;
  readonly provider: KeyProviderId;
  /** What is wrong with it now. */
  readonly troubles = new Set<Trouble>();
  /** No longer in use. */
  gone = false;
  readonly #stage: Stage;
  #device: FakeDevice | undefined;

  constructor(
    stage: Stage,
    about: Pick<Machine, 'owner' | 'name' | 'platform' | 'serial' | 'build' | 'address' | 'provider'>,
  ) {
    this.#stage = stage;
    this.owner = about.owner;
    this.name = about.name;
    this.platform = about.platform;
    this.serial = about.serial;
    this.build = about.build;
    this.address = about.address;
    this.provider = about.provider;
  }

  get id(): string {
    return this.#signer.id;
  }

  get isEnrolled(): boolean {
    return this.#device !== undefined && !this.gone;
  }

  get #signer(): FakeDevice {
    if (this.#device === undefined) throw new Error(`${this.name} is not enrolled`);
    return this.#device;
  }

  /** Enrolls with a token that an admin made. */
  async enroll(token: string): Promise<void> {
    const device = await FakeDevice.make(this.#stage.issuer);
    const begun = await this.#open('POST', '/v1/enrollments', {
      token,
      key: device.jwk,
      provider: this.provider,
      device: { name: this.name, platform: this.platform, agentVersion: '0.1.0' },
    });
    const { id, challenge } = begun as { id: string; challenge: string };
    const proof = await device.keyProof({ id, challenge }, this.#stage.now());
    const enrolled = await this.#open('POST', `/v1/enrollments/${id}/finish`, { proof });
    device.id = String(enrolled['deviceId']);
    this.#device = device;
  }

  /** Says what it is like now. A refusal is part of the story: a device in quarantine goes on trying. */
  async report(more: Readings = {}): Promise<Answer> {
    const now = this.#stage.now();
    const readings = { ...readingsOf(this, this.troubles, now), ...more };
    const jws = await this.#signer.attest({ readings, nonce: this.#nonce(), now });
    const answer = await exchange(`${this.#stage.url}/v1/attestations`, {
      method: 'POST',
      headers: { 'content-type': 'application/eat+jwt', 'x-forwarded-for': this.address },
      body: jws,
    });
    if (answer.status >= 300 && !refusals.has(String(answer.body['error_code'])))
      throw new Refused(`${this.name} reports`, answer);
    return answer;
  }

  /** The same key on another machine, which reports what that one is like. */
  copyTo(elsewhere: Pick<Machine, 'name' | 'address'>): Machine {
    const copy = new Machine(this.#stage, { ...this.#about(), ...elsewhere });
    copy.#device = this.#signer.clone();
    return copy;
  }

  /** A new one of the same kind, for somebody. */
  likeNew(owner: Person, index: number): Machine {
    const name = `new-${this.platform}-${index + 1}`;
    return new Machine(this.#stage, { ...this.#about(), owner, name, serial: `HBNEW${index}` });
  }

  /** Asks for an access token. */
  async token(resource: string): Promise<Answer> {
    const now = this.#stage.now();
    const url = `${this.#stage.issuer}/oauth/token`;
    const dpop = await this.#signer.dpopProof({ method: 'POST', url, nonce: this.#nonce(), now });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      resource,
      ...(await this.#signer.clientAssertion(now)),
    });
    return await exchange(`${this.#stage.url}/oauth/token`, {
      method: 'POST',
      headers: { dpop, 'x-forwarded-for': this.address },
      body: form,
    });
  }

  /**
   * Calls the API of devices, as the agent does for its person.
   *
   * @throws Refused
   */
  async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const url = `${this.#stage.issuer}${path}`;
    const dpop = await this.#signer.dpopProof({ method, url, nonce: this.#nonce(), now: this.#stage.now() });
    return await this.#open(method, path, body, { dpop });
  }

  #nonce(): string {
    return this.#stage.deps.nonces.issue(this.#stage.now());
  }

  #about() {
    const { owner, name, platform, serial, build, address, provider } = this;
    return { owner, name, platform, serial, build, address, provider };
  }

  async #open(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await exchange(`${this.#stage.url}${path}`, {
      method,
      headers: {
        ...headers,
        'x-forwarded-for': this.address,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status >= 300) throw new Refused(`${this.name}: ${method} ${path}`, answer);
    return answer.body;
  }
}
