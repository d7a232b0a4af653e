import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import { someReadings } from '@postern/server/attestation/testing/readings';
import { enrollDevices, loadEnvironment } from '../support/load-scene.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import type { Shot } from './load.ts';

const resource = 'https://bench.example';
const twoRules = `
policy: baseline
title: Bench
rules:
  - { id: disk, title: Disk, check: disk-encryption, require: value.state == "full", expected: full, time_to_fix: 3d }
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, time_to_fix: 3d }
`;

/** A server process with enrolled devices, and requests for it that are signed beforehand. */
export class Target {
  readonly url: string;
  /** In which commands work on the same database. */
  readonly env: Readonly<Record<string, string>>;
  readonly #devices: readonly FakeDevice[];
  readonly #end: () => Promise<void>;

  private constructor(
    url: string,
    env: Readonly<Record<string, string>>,
    devices: readonly FakeDevice[],
    end: () => Promise<void>,
  ) {
    this.url = url;
    this.env = env;
    this.#devices = devices;
    this.#end = end;
  }

  static async start(databaseUrl: string | undefined, lanes: number, policy = twoRules): Promise<Target> {
    const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
    const env = await loadEnvironment(folder, databaseUrl);
    const { child } = await startServerProcess(env);
    const end = async () => {
      await endProcess(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    };
    const url = `http://127.0.0.1:${env['POSTERN_PORT'] ?? ''}`;
    const loads = await enrollDevices(env, { resource, policy, count: lanes });
    return new Target(
      url,
      env,
      loads.map(({ device }) => device),
      end,
    );
  }

  async stop(): Promise<void> {
    await this.#end();
  }

  /** CPU seconds of the server process so far, all its threads. */
  async cpuSeconds(): Promise<number> {
    const text = await fetch(`${this.url}/metrics`).then((answer) => answer.text());
    return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1] ?? Number.NaN);
  }

  /** Requests for tokens: private_key_jwt and a DPoP proof each. */
  async tokenShots(perLane: number): Promise<Shot[][]> {
    const nonce = await this.#nonce();
    const url = `${this.url}/oauth/token`;
    return await this.#lanes(perLane, async (device) => {
      const now = Date.now();
      const form = {
        grant_type: 'client_credentials',
        resource,
        ...(await device.clientAssertion(now, { claims: { exp: Math.floor(now / 1000) + 240 } })),
      };
      return {
        path: '/oauth/token',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          dpop: await device.dpopProof({ method: 'POST', url, nonce, now }),
        },
        body: new URLSearchParams(form).toString(),
      };
    });
  }

  /** Attestations of devices that stay as they are: what most of all attestations are. */
  async attestationShots(perLane: number): Promise<Shot[][]> {
    const nonce = await this.#nonce();
    return await this.#lanes(perLane, async (device) => ({
      path: '/v1/attestations',
      headers: { 'content-type': 'application/eat+jwt' },
      body: await device.attest({ readings: manyReadings(Date.now()), nonce, now: Date.now() }),
    }));
  }

  async #nonce(): Promise<string> {
    const answer = await fetch(`${this.url}/oauth/challenge`, { method: 'POST' });
    return ((await answer.json()) as { attestation_challenge: string }).attestation_challenge;
  }

  async #lanes(perLane: number, make: (device: FakeDevice) => Promise<Shot>): Promise<Shot[][]> {
    return await Promise.all(
      this.#devices.map(async (device) => {
        const lane: Shot[] = [];
        for (let each = 0; each < perLane; each += 1) lane.push(await make(device));
        return lane;
      }),
    );
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
