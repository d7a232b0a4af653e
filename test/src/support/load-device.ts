import { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import { someReadings } from '@postern/server/attestation/testing/readings';
import { sha256 } from '@postern/shared/digest';

/** What a backend said yes to: whatever happens afterwards, it must still be there. */
export type Acknowledged =
  | { kind: 'attestation'; deviceId: string; seq: number }
  | { kind: 'token'; id: string }
  | { kind: 'exception'; id: string };

/** A device that works over HTTP as fast as it is answered: many of them load a backend. */
export class LoadDevice {
  readonly device: FakeDevice;
  readonly #url: string;
  #nonce = '';

  constructor(device: FakeDevice, url: string) {
    this.device = device;
    this.#url = url;
  }

  static async enroll(url: string, token: string): Promise<LoadDevice> {
    const device = await FakeDevice.make(url);
    const load = new LoadDevice(device, url);
    const begun = await load.#json('POST', '/v1/enrollments', {
      token,
      key: device.jwk,
      provider: 'file',
      device: { name: 'Load', platform: 'linux', agentVersion: '0.1.0' },
    });
    const proof = await device.keyProof({ id: String(begun['id']), challenge: String(begun['challenge']) }, Date.now());
    const enrolled = await load.#json('POST', `/v1/enrollments/${String(begun['id'])}/finish`, { proof });
    device.id = String(enrolled['deviceId']);
    return load;
  }

  /** Learns a nonce, and what was accepted last: an answer may have been lost. Takes back what it was asking for. */
  async resync(): Promise<void> {
    await this.#json('POST', '/oauth/challenge');
    const { signed } = this.device;
    const own = await this.#json('GET', signed.length === 0 ? '/v1/device' : `/v1/device?sent=${signed.join(',')}`);
    this.device.resync(own['attestation'] as { seq: number; hash: string | null } | null);
    const left = (own['exceptions'] as { id: string; state: string }[]).filter(({ state }) => state === 'pending');
    for (const { id } of left) await this.withdraw(id);
  }

  /** @param enabled what it says of its firewall */
  async attest(enabled: boolean): Promise<Acknowledged> {
    const now = Date.now();
    const firewall = { ...someReadings(now)['firewall'], value: { enabled, provider: 'nftables' } } as ReturnType<
      typeof someReadings
    >[string];
    const jws = await this.device.attest({ readings: someReadings(now, { firewall }), nonce: this.#nonce, now });
    const answer = await this.#send('POST', '/v1/attestations', jws, { 'content-type': 'application/eat+jwt' });
    const { attestation } = answer as { attestation: { seq: number; hash: string } };
    if (attestation.hash !== sha256(jws)) throw new Error('the backend acknowledged another attestation');
    return { kind: 'attestation', deviceId: this.device.id, seq: attestation.seq };
  }

  async token(resource: string): Promise<Acknowledged> {
    const url = `${this.#url}/oauth/token`;
    const now = Date.now();
    const dpop = await this.device.dpopProof({ method: 'POST', url, nonce: this.#nonce, now });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      resource,
      ...(await this.device.clientAssertion(now)),
    });
    const answer = await this.#send('POST', '/oauth/token', form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      dpop,
    });
    const [, payload = ''] = String(answer['access_token']).split('.');
    return { kind: 'token', id: (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string }).jti };
  }

  async askForException(rule: string): Promise<Acknowledged> {
    const asked = await this.#json('POST', '/v1/exceptions', {
      rules: [rule],
      duration: '1h',
      justification: 'Asked for under load, to be found again',
    });
    return { kind: 'exception', id: String(asked['id']) };
  }

  async withdraw(id: string): Promise<void> {
    await this.#json('POST', `/v1/exceptions/${id}/withdraw`, {});
  }

  async #json(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const isDevice = path.startsWith('/v1/device') || path.startsWith('/v1/exceptions');
    const dpop = isDevice
      ? {
          dpop: await this.device.dpopProof({
            method,
            url: `${this.#url}${path.replace(/\?.*/, '')}`,
            nonce: this.#nonce,
            now: Date.now(),
          }),
        }
      : {};
    return await this.#send(method, path, body === undefined ? undefined : JSON.stringify(body), {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...dpop,
    });
  }

  async #send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.#url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    this.#nonce = answer.headers.get('dpop-nonce') ?? this.#nonce;
    const document = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new RefusedUnderLoad(`${method} ${path}: ${answer.status} ${JSON.stringify(document)}`);
    return document;
  }
}

/** The backend answered, and said no: under load that did nothing wrong, this is a defect. */
export class RefusedUnderLoad extends Error {}
