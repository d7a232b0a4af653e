import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import { someReadings } from '@postern/server/attestation/testing/readings';
import { enrollDevices, loadEnvironment } from '../support/load-scene.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import type { Cores } from './cores.ts';
import type { Shot } from './load.ts';
import { pauseProcess, resumeProcess, type TokenServer } from './token-server.ts';
import { lanesOf, type Method, tokenShot } from './token-shots.ts';

const resource = 'https://bench.example';
const twoRules = `
policy: baseline
title: Bench
rules:
  - { id: disk, title: Disk, check: disk-encryption, require: value.state == "full", expected: full, time_to_fix: 3d }
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, time_to_fix: 3d }
`;

/** A server process with enrolled devices, and requests for it that are signed beforehand. */
export class Target implements TokenServer {
  readonly url: string;
  readonly resource = resource;
  /** In which commands work on the same database. */
  readonly env: Readonly<Record<string, string>>;
  readonly devices: readonly FakeDevice[];
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #attestations = new Map<FakeDevice, string>();

  private constructor(
    env: Readonly<Record<string, string>>,
    devices: readonly FakeDevice[],
    child: ChildProcess,
    folder: string,
  ) {
    this.url = `http://127.0.0.1:${env['POSTERN_PORT'] ?? ''}`;
    this.env = env;
    this.devices = devices;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(
    databaseUrl: string | undefined,
    lanes: number,
    policy = twoRules,
    cores?: Cores,
  ): Promise<Target> {
    const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
    const env = { ...(await loadEnvironment(folder, databaseUrl)), POSTERN_LIMIT_GATEWAY: '100000000' };
    const { child } = await startServerProcess(env, cores?.server);
    const loads = await enrollDevices(env, { resource, policy, count: lanes });
    const devices = loads.map(({ device }) => device);
    return new Target(env, devices, child, folder);
  }

  pause(): void {
    pauseProcess(this.#child);
  }

  resume(): void {
    resumeProcess(this.#child);
  }

  async stop(): Promise<void> {
    this.resume();
    await endProcess(this.#child, 'SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async cpuSeconds(): Promise<number> {
    const text = await fetch(`${this.url}/metrics`).then((answer) => answer.text());
    return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1] ?? Number.NaN);
  }

  /** Those of `private_key_jwt` and, where the server speaks it, the combined one. */
  async methods(): Promise<Method[]> {
    const answer = await fetch(`${this.url}/.well-known/oauth-authorization-server`);
    const metadata = (await answer.json()) as { token_endpoint_auth_methods_supported: string[] };
    const all: readonly Method[] = ['private_key_jwt', 'attest_jwt_client_auth_dpop'];
    return all.filter((method) => metadata.token_endpoint_auth_methods_supported.includes(method));
  }

  async tokenShots(perLane: number, method: Method = 'private_key_jwt'): Promise<Shot[][]> {
    const nonce = await this.nonce();
    return await lanesOf(this.devices, perLane, async (device) => {
      const attestation = method === 'private_key_jwt' ? undefined : await this.#attestationOf(device, nonce);
      return await tokenShot(device, { method, url: this.url, path: '/oauth/token', resource, nonce, attestation });
    });
  }

  /** Attestations of devices that stay as they are: what most of all attestations are. */
  async attestationShots(perLane: number): Promise<Shot[][]> {
    const nonce = await this.nonce();
    return await lanesOf(this.devices, perLane, async (device) => ({
      path: '/v1/attestations',
      headers: { 'content-type': 'application/eat+jwt' },
      body: await device.attest({ readings: manyReadings(Date.now()), nonce, now: Date.now() }),
    }));
  }

  async nonce(): Promise<string> {
    const answer = await fetch(`${this.url}/oauth/challenge`, { method: 'POST' });
    return ((await answer.json()) as { attestation_challenge: string }).attestation_challenge;
  }

  /** Asked for once, as a device does: it is good for as long as the evidence is. */
  async #attestationOf(device: FakeDevice, nonce: string): Promise<string> {
    const known = this.#attestations.get(device);
    if (known !== undefined) return known;
    const url = `${this.url}/oauth/client-attestation`;
    const dpop = await device.dpopProof({ method: 'POST', url, nonce, now: Date.now() });
    const answer = await fetch(url, { method: 'POST', headers: { dpop } });
    if (!answer.ok) throw new Error(`no client attestation: ${await answer.text()}`);
    const { client_attestation } = (await answer.json()) as { client_attestation: string };
    this.#attestations.set(device, client_attestation);
    return client_attestation;
  }
}

/** As many as a device sends: about 3 kB. */
function manyReadings(now: number) {
  const readings = someReadings(now);
  const reading = readings['firewall'];
  if (reading === undefined) throw new Error('no reading to repeat');
  const more = Array.from({ length: 10 }, (_, index) => [`extra-check-${index}`, reading] as const);
  return { ...readings, ...Object.fromEntries(more) };
}
