import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import { freePort } from '../../support/free-port.ts';
import { endProcess } from '../../support/server-process.ts';
import type { Cores } from '../cores.ts';
import type { Shot } from '../load.ts';
import { pauseProcess, resumeProcess, type TokenServer } from '../token-server.ts';
import { lanesOf, type Method, tokenShot } from '../token-shots.ts';
import type { RivalStart } from './serve.ts';

const resource = 'https://bench.example';
const path = '/token';

/** oidc-provider as a process of its own, with clients that are devices as Postern's are. */
export class Rival implements TokenServer {
  readonly url: string;
  readonly resource = resource;
  readonly #child: ChildProcess;
  readonly #clients: Readonly<Record<Method, readonly FakeDevice[]>>;
  readonly #attestations: ReadonlyMap<FakeDevice, string>;
  readonly #end: () => Promise<void>;

  private constructor(
    url: string,
    child: ChildProcess,
    clients: Record<Method, readonly FakeDevice[]>,
    attestations: ReadonlyMap<FakeDevice, string>,
    end: () => Promise<void>,
  ) {
    this.url = url;
    this.#child = child;
    this.#clients = clients;
    this.#attestations = attestations;
    this.#end = end;
  }

  static async start(storage: 'durable' | 'memory', lanes: number, cores: Cores): Promise<Rival> {
    const folder = mkdtempSync(join(tmpdir(), 'postern-bench-rival-'));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const attester = await FakeDevice.make(url);
    const clients = {
      private_key_jwt: await makeClients(url, 'key', lanes),
      attest_jwt_client_auth_dpop: await makeClients(url, 'attested', lanes),
    };
    const attestations = new Map<FakeDevice, string>();
    for (const device of clients.attest_jwt_client_auth_dpop) attestations.set(device, await attest(attester, device));

    const script = fileURLToPath(new URL('serve.ts', import.meta.url));
    const [command, ...args] = [...cores.server, process.execPath, script];
    const child = spawn(command, args, {
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const start: RivalStart = {
      port,
      resource,
      file: storage === 'durable' ? join(folder, 'rival.db') : null,
      clients: Object.entries(clients).flatMap(([method, devices]) =>
        devices.map(({ id, jwk, jkt }) => ({
          client_id: id,
          token_endpoint_auth_method: method,
          jwks: { keys: [{ ...jwk, kid: jkt, alg: 'ES256', use: 'sig' }] },
        })),
      ),
      attester: attester.jwk,
    };
    child.send(start);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('oidc-provider did not start'))),
    ]);
    return new Rival(url, child, clients, attestations, async () => {
      await endProcess(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    });
  }

  pause(): void {
    pauseProcess(this.#child);
  }

  resume(): void {
    resumeProcess(this.#child);
  }

  async stop(): Promise<void> {
    this.resume();
    await this.#end();
  }

  async cpuSeconds(): Promise<number> {
    const answer = once(this.#child, 'message') as Promise<[NodeJS.CpuUsage]>;
    this.#child.send('cpu');
    const [{ user, system }] = await answer;
    return (user + system) / 1_000_000;
  }

  async tokenShots(perLane: number, method: Method): Promise<Shot[][]> {
    const devices = this.#clients[method];
    const nonce = await this.#nonce();
    return await lanesOf(devices, perLane, (device) =>
      tokenShot(device, { method, url: this.url, path, resource, nonce, attestation: this.#attestations.get(device) }),
    );
  }

  /** A proof without a nonce is answered with one (RFC 9449 section 8). */
  async #nonce(): Promise<string> {
    const [device] = this.#clients.private_key_jwt;
    if (device === undefined) throw new Error('no client');
    const url = `${this.url}${path}`;
    const { client_assertion, client_assertion_type } = await device.clientAssertion(Date.now());
    const dpop = await device.dpopProof({ method: 'POST', url, nonce: '', now: Date.now() });
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      resource,
      client_assertion,
      client_assertion_type,
    });
    const answer = await fetch(url, { method: 'POST', headers: { dpop }, body });
    const nonce = answer.headers.get('dpop-nonce');
    if (nonce === null) throw new Error(`oidc-provider gave no nonce: ${await answer.text()}`);
    return nonce;
  }
}

async function makeClients(issuer: string, prefix: string, count: number): Promise<FakeDevice[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const device = await FakeDevice.make(issuer);
      device.id = `${prefix}-${index}`;
      return device;
    }),
  );
}

async function attest(attester: FakeDevice, { id, jwk }: FakeDevice): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  return await attester.sign(
    { typ: 'oauth-client-attestation+jwt' },
    { iss: 'https://attester.example', sub: id, iat, exp: iat + 3600, cnf: { jwk } },
  );
}
