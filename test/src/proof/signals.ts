import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Api } from '../support/api.ts';
import { runJson } from '../support/command.ts';
import { Gateway } from '../support/gateway.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { loadEnvironment } from '../support/load-scene.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import {
  type GatewayAccount,
  type Heard,
  type Receiver,
  startPolling,
  startPushed,
} from '../support/signal-receivers.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';

export interface SignalFigures {
  changes: number;
  kills: number;
  /** Milliseconds from the acknowledged change until it was seen. */
  latency: Record<Seer, { p50: number; p99: number; most: number }>;
  /** Of those that were acknowledged right before a kill: from when the server was back. */
  afterKill: Record<Seer, { p50: number; most: number }>;
  byKind: Record<string, { changes: number; p99: number }>;
  /** What somebody did not see at all. */
  missing: string[];
  /** Signals that a receiver could not accept. */
  refused: string[];
  /** The same happening told under two ids. */
  toldTwice: string[];
}

const seers = ['introspect', 'verify', 'poll', 'push'] as const;
type Seer = (typeof seers)[number];
const kinds = ['revocation', 'attestation', 'suspension', 'exception revoked', 'exception run out'] as const;
type Kind = (typeof kinds)[number];

const resource = 'https://app.example';
const seenWithinMs = 20_000;
/** What looks more often is a load of its own. */
const lookEveryMs = 10;
/** As many exceptions as there are changes. */
const policy = firewallPolicy.replace('max_total: 12h', 'max_total: 90d');

interface Scene {
  url: string;
  admin: Api;
  approver: Api;
  gateway: Gateway;
  verify: VerifyGateway;
  receivers: { poll: Receiver; push: Receiver };
}

/** A change that was acknowledged, and who is to see it. */
interface Made {
  kind: Kind;
  at: number;
  token: string;
  device: HttpDevice;
  isTold(heard: Heard): boolean;
}

interface Seen {
  kind: Kind;
  delays: Partial<Record<Seer, number>>;
}

/**
 * A real server process with a polling and a push receiver: trust ends in every way there is, and it is measured how long it
 * takes until introspection, `/verify` and both receivers know. Now and then the server is killed right after it
 * acknowledged.
 */
export async function signalRounds(given: {
  databaseUrl: string;
  dataFolder: string;
  changes: number;
  kills: number;
  devices: number;
  say?: (line: string) => void;
}): Promise<SignalFigures> {
  const { say = () => undefined, kills } = given;
  const env = {
    ...(await loadEnvironment(given.dataFolder, given.databaseUrl)),
    POSTERN_WEBHOOK_HOSTS: '127.0.0.1',
    POSTERN_LIMIT_GATEWAY: '100000000',
    POSTERN_LIMIT_ADMIN: '100000000',
  };
  let { child } = await startServerProcess(env);
  const scene = await openScene(env);
  try {
    const devices = await Promise.all(
      Array.from({ length: given.devices }, async () => HttpDevice.enroll(placeOf(scene.url), scene.admin)),
    );
    for (const device of devices) await trusted(scene, device);
    const seen: Seen[] = [];
    const afterKill: Seen[] = [];
    const missing: string[] = [];
    const perLife = Math.ceil(given.changes / (kills + 1));
    let made = 0;
    for (let life = 0; life <= kills; life += 1) {
      const target = Math.min(given.changes, (life + 1) * perLife);
      await Promise.all(
        devices.map(async (device, index) => {
          while (made < target) {
            const number = (made += 1);
            const change = await makeChange(scene, device, kinds[(number + index) % kinds.length] ?? 'revocation');
            seen.push(await watch(scene, change, change.at, missing));
            await restore(scene, device, change.kind);
          }
        }),
      );
      say(`${made} changes seen`);
      if (life === kills) break;
      // All of them acknowledged, and the server is gone before it can have told of the last.
      const last = await Promise.all(
        devices.map(async (device, index) => makeChange(scene, device, kinds[index % 3] ?? 'revocation')),
      );
      await endProcess(child, 'SIGKILL');
      ({ child } = await startServerProcess(env));
      const back = Date.now();
      afterKill.push(...(await Promise.all(last.map((change) => watch(scene, change, back, missing)))));
      await Promise.all(
        devices.map(async (device, index) => restore(scene, device, last[index]?.kind ?? 'revocation')),
      );
      say(`killed after ${made} changes, and all of ${last.length} seen`);
    }
    return figuresOf(scene, { seen, afterKill, missing, kills });
  } finally {
    await Promise.all(Object.values(scene.receivers).map((receiver) => receiver.stop()));
    await endProcess(child, 'SIGTERM');
  }
}

const placeOf = (url: string) => ({ url, clock: { now: () => Date.now() } });

async function openScene(env: Record<string, string>): Promise<Scene> {
  const url = `http://127.0.0.1:${env['POSTERN_PORT'] ?? ''}`;
  const { answer } = await runJson<{ token: string }>('postern-server', ['admin-token'], env);
  const admin = new Api(url, answer.token);
  const person = succeeded(
    await admin.post('/v1/admin/users', { name: 'Bob', email: 'bob@example.org', roles: ['admin', 'approver'] }),
  );
  const token = succeeded(
    await admin.post(`/v1/admin/users/${String(person['id'])}/api-tokens`, { label: 'proof', life: '30d' }),
  );
  const approver = new Api(url, String(token['token']));
  const draft = succeeded(await admin.post('/v1/admin/policy-drafts', { document: policy }));
  const path = `/v1/admin/policy-drafts/${String(draft['id'])}`;
  const { version, documentHash } = succeeded(await admin.post(`${path}/submit`, { version: draft['version'] }));
  succeeded(await approver.post(`${path}/approve`, { version, documentHash }));
  const accountOf = async (name: string): Promise<GatewayAccount> => {
    const made = succeeded(await admin.post('/v1/admin/gateways', { name, resources: [resource] }));
    return { id: String(made['id']), secret: String(made['secret']) };
  };
  const [polled, pushed] = [await accountOf('Polls'), await accountOf('Is pushed to')];
  return {
    url,
    admin,
    approver,
    gateway: new Gateway(url, polled.id, polled.secret),
    verify: new VerifyGateway(url, 'nginx', `${polled.id}:${polled.secret}`),
    receivers: { poll: await startPolling(url, polled), push: await startPushed(url, pushed) },
  };
}

function succeeded({ status, body }: Awaited<ReturnType<Api['call']>>): Record<string, unknown> {
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

async function trusted(scene: Scene, device: HttpDevice): Promise<void> {
  succeeded(await device.attest());
  await heardBy(scene, (heard) => isCompliance(heard, device, 'compliant'));
}

/** Ends what a token of the device rests on. */
async function makeChange(scene: Scene, device: HttpDevice, kind: Kind): Promise<Made> {
  const { admin, approver, gateway } = scene;
  const { id } = device.fake;
  const exception = kind.startsWith('exception') ? await excepted(scene, device, kind) : undefined;
  const token = await device.accessToken(resource);
  if (await isOver(scene, device, token)) throw new Error('refused before anything ended');
  const change = { kind, token, device };
  const acknowledged = (isTold: Made['isTold'], at = Date.now()): Made => ({ ...change, at, isTold });
  switch (kind) {
    case 'revocation': {
      if ((await gateway.revoke(token)) !== 200) throw new Error('not revoked');
      const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
      return acknowledged(({ type, session }) => type === 'session-revoked' && session === jti);
    }
    case 'attestation':
      succeeded(await device.attest({}, device.firewallOff()));
      return acknowledged((heard) => isCompliance(heard, device, 'not-compliant'));
    case 'suspension':
      succeeded(await admin.post(`/v1/admin/devices/${id}/suspend`, { reason: 'It was lost in a train' }));
      return acknowledged(
        (heard) => heard.type === 'session-revoked' && heard.device === id && heard.session === undefined,
      );
    case 'exception revoked':
      succeeded(
        await approver.post(`/v1/admin/exceptions/${exception?.id ?? ''}/revoke`, { reason: 'No longer needed' }),
      );
      return acknowledged(({ session }) => session === exception?.id);
    case 'exception run out':
      // Nobody does anything: what is acknowledged is the end that was approved.
      await wait(Math.max(0, (exception?.end ?? 0) - Date.now()));
      return acknowledged(({ session }) => session === exception?.id, exception?.end);
  }
}

/** A firewall that is off, and an exception from that. */
async function excepted({ approver }: Scene, device: HttpDevice, kind: Kind): Promise<{ id: string; end: number }> {
  succeeded(await device.attest({}, device.firewallOff()));
  const asked = succeeded(
    await device.call('POST', '/v1/exceptions', {
      rules: ['baseline/firewall'],
      duration: kind === 'exception run out' ? '2s' : '1h',
      justification: 'Asked for to see it end',
    }),
  );
  const path = `/v1/admin/exceptions/${String(asked['id'])}/approve`;
  const approved = succeeded(await approver.post(path, { requestHash: asked['requestHash'] }));
  return { id: String(asked['id']), end: Date.parse(String(approved['expiresAt'])) };
}

async function restore(scene: Scene, device: HttpDevice, kind: Kind): Promise<void> {
  if (kind === 'revocation') return;
  if (kind === 'suspension')
    succeeded(await scene.admin.post(`/v1/admin/devices/${device.fake.id}/resume`, { reason: 'It was found' }));
  else succeeded(await device.attest());
}

/** Waits until everybody knows. @param from when the time begins that it takes */
async function watch(scene: Scene, change: Made, from: number, missing: string[]): Promise<Seen> {
  const delays: Seen['delays'] = {};
  const ask: Record<Seer, () => Promise<number | undefined> | number | undefined> = {
    introspect: async () =>
      (await scene.gateway.introspect(change.token))['active'] === false ? Date.now() : undefined,
    verify: async () => ((await isOver(scene, change.device, change.token)) ? Date.now() : undefined),
    poll: () =>
      scene.receivers.poll.heard.findLast((heard) => change.isTold(heard) && heard.at >= change.at - 1000)?.at,
    push: () =>
      scene.receivers.push.heard.findLast((heard) => change.isTold(heard) && heard.at >= change.at - 1000)?.at,
  };
  await Promise.all(
    seers.map(async (seer) => {
      for (const deadline = from + seenWithinMs; Date.now() < deadline; await wait(lookEveryMs)) {
        const at = await ask[seer]();
        if (at === undefined) continue;
        delays[seer] = Math.max(0, at - from);
        return;
      }
      missing.push(`${seer}: ${change.kind}`);
    }),
  );
  return { kind: change.kind, delays };
}

/** Whether a gateway lets nobody in with the token, for what it is: each time with a new proof. */
async function isOver({ verify }: Scene, device: HttpDevice, token: string): Promise<boolean> {
  const { status, text } = await verify.ask({ authorization: `DPoP ${token}`, proof: await proofOf(device, token) });
  if (status === 200) return false;
  const { error_code: code } = JSON.parse(text) as { error_code: string };
  if (code.startsWith('proof') || code.startsWith('nonce')) throw new Error(`the proof was refused: ${code}`);
  return true;
}

function isCompliance({ type, device, event }: Heard, { fake }: HttpDevice, status: string): boolean {
  return type === 'device-compliance-change' && device === fake.id && event['current_status'] === status;
}

async function heardBy({ receivers }: Scene, isTold: (heard: Heard) => boolean): Promise<void> {
  const deadline = Date.now() + seenWithinMs;
  while (!Object.values(receivers).every(({ heard }) => heard.some(isTold))) {
    if (Date.now() > deadline) throw new Error('a receiver did not hear that a device is compliant');
    await wait(5);
  }
}

function figuresOf(
  { receivers }: Scene,
  { seen, afterKill, missing, kills }: { seen: Seen[]; afterKill: Seen[]; missing: string[]; kills: number },
): SignalFigures {
  const sorted = (all: readonly Seen[], seer: Seer) =>
    all.flatMap(({ delays }) => delays[seer] ?? []).toSorted((left, right) => left - right);
  const at = (values: readonly number[], share: number) =>
    values[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] ?? 0;
  const bySeer = <Value>(make: (seer: Seer) => Value) =>
    Object.fromEntries(seers.map((seer) => [seer, make(seer)])) as Record<Seer, Value>;
  return {
    changes: seen.length + afterKill.length,
    kills,
    latency: bySeer((seer) => {
      const values = sorted(seen, seer);
      return { p50: at(values, 0.5), p99: at(values, 0.99), most: values.at(-1) ?? 0 };
    }),
    afterKill: bySeer((seer) => {
      const values = sorted(afterKill, seer);
      return { p50: at(values, 0.5), most: values.at(-1) ?? 0 };
    }),
    byKind: Object.fromEntries(
      kinds.map((kind) => {
        const own = seen.filter((each) => each.kind === kind);
        const values = seers.flatMap((seer) => sorted(own, seer)).toSorted((left, right) => left - right);
        return [kind, { changes: own.length, p99: at(values, 0.99) }];
      }),
    ),
    missing,
    refused: Object.values(receivers).flatMap(({ refused }) => refused),
    toldTwice: Object.values(receivers).flatMap(({ heard }) => twice(heard)),
  };
}

/** Under the same id it may come again; the same under another id was made twice. */
function twice(heard: readonly Heard[]): string[] {
  const ids = new Map<string, string>();
  return heard.flatMap(({ jti, type, txn, device, user, session }) => {
    const name = [type, txn, device, user, session].join(' ');
    const known = ids.get(name) ?? jti;
    ids.set(name, known);
    return known === jti ? [] : [name];
  });
}

const mostMs = 1000;

/** Nothing is missing, nothing made twice, and everybody knows within a second at p99. */
export function holds({ latency, missing, refused, toldTwice }: SignalFigures): boolean {
  const isFast = seers.every((seer) => latency[seer].p99 <= mostMs);
  return isFast && missing.length === 0 && refused.length === 0 && toldTwice.length === 0;
}

const kills = 3;
const devices = 8;

/** The long form, on SQLite: `npm run proof signals -- --changes 1000`. */
export async function proveSignals({
  changes,
  say,
}: {
  changes: number;
  say: (line: string) => void;
}): Promise<boolean> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'postern-proof-'));
  try {
    const databaseUrl = `sqlite:${join(dataFolder, 'postern.db')}`;
    const figures = await signalRounds({ databaseUrl, dataFolder, changes, kills, devices, say });
    say(JSON.stringify(figures));
    return holds(figures);
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
