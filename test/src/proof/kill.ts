import { setTimeout as wait } from 'node:timers/promises';
import { readChain, verifyChain } from '@postern/server/audit/index';
import { openStore } from '@postern/server/storage/index';
import type { Store } from '@postern/server/storage/store';
import { type Acknowledged, type LoadDevice, RefusedUnderLoad } from '../support/load-device.ts';
import { enrollDevices, loadEnvironment } from '../support/load-scene.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';

export interface KillFigures {
  kills: number;
  acknowledged: { attestations: number; tokens: number; exceptions: number };
  /** What was acknowledged and is not there. */
  missing: string[];
  /** What the backend refused although it should not have. */
  refused: string[];
  chain: { outcome: string; entries: number };
}

const resource = 'https://killed.example';

/** A rule that the devices fail in grace, so that they get tokens and may ask for an exception. */
const policy = `
policy: baseline
title: Under load
rules:
  - { id: disk, title: Disk, check: disk-encryption, require: value.state == "none", expected: none, time_to_fix: 30d, exceptions: { max_duration: 1d } }
  - { id: firewall, title: Firewall, check: firewall, require: value.enabled, expected: on, time_to_fix: 30d }
`;

/**
 * Loads a real server process, kills it with SIGKILL at random moments, starts it again on the same data, and
 * looks whether everything that was acknowledged is there and the audit chain whole.
 */
export async function killRounds(given: {
  databaseUrl: string;
  dataFolder: string;
  kills: number;
  devices: number;
  seed: number;
  say?: (line: string) => void;
}): Promise<KillFigures> {
  const { databaseUrl, kills, say = () => undefined } = given;
  const random = seededRandom(given.seed);
  const env = await loadEnvironment(given.dataFolder, databaseUrl);
  const devices = await prepare(env, given.devices);
  const acknowledged: Acknowledged[] = [];
  const refused: string[] = [];

  for (let round = 1; round <= kills; round += 1) {
    const { child } = await startServerProcess(env);
    const life = { ended: false };
    // A machine that is slow is killed at the same number of writes, so that a life always has something to lose.
    const enough = acknowledged.length + 15 + Math.floor(random() * 60);
    const loaded = Promise.withResolvers<void>();
    const work = devices.map(async (device, index) => {
      try {
        await device.resync();
        for (let turn = index; !life.ended; turn += 1) {
          acknowledged.push(...(await nextStep(device, turn, round)));
          if (acknowledged.length >= enough) loaded.resolve();
        }
      } catch (error) {
        // The connection broke: that is what this is about. A refusal is not.
        if (error instanceof RefusedUnderLoad) refused.push(error.message);
      }
    });
    await Promise.race([loaded.promise, Promise.all(work)]);
    await wait(random() * 20);
    life.ended = true;
    await endProcess(child, 'SIGKILL');
    await Promise.all(work);
    say(`kill ${round} of ${kills}: ${acknowledged.length} acknowledged so far`);
  }

  const store = await openStore(databaseUrl);
  try {
    const verdict = await verifyChain(readChain(store.read));
    const count = (kind: Acknowledged['kind']) => acknowledged.filter((each) => each.kind === kind).length;
    return {
      kills,
      acknowledged: { attestations: count('attestation'), tokens: count('token'), exceptions: count('exception') },
      missing: await missingOf(store, acknowledged),
      refused,
      chain: { outcome: verdict.outcome, entries: verdict.outcome === 'intact' ? verdict.count : 0 },
    };
  } finally {
    await store.close();
  }
}

async function prepare(env: Record<string, string>, count: number): Promise<LoadDevice[]> {
  const { child } = await startServerProcess(env);
  try {
    return await enrollDevices(env, { resource, policy, count });
  } finally {
    await endProcess(child, 'SIGTERM');
  }
}

/** Attestations that say the same and others that do not, tokens, and now and then an exception that is asked for and taken back. */
async function nextStep(device: LoadDevice, turn: number, round: number): Promise<Acknowledged[]> {
  const done = [await device.attest((turn + round) % 3 !== 0), await device.token(resource)];
  if (turn % 4 !== 0) return done;
  const asked = await device.askForException('baseline/disk');
  await device.withdraw(asked.kind === 'exception' ? asked.id : '');
  return [...done, asked];
}

async function missingOf(store: Store, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const [attestations, tokens, exceptions] = await Promise.all([
    store.read.selectFrom('attestations').select(['device_id', 'seq']).execute(),
    store.read.selectFrom('access_tokens').select('id').execute(),
    store.read.selectFrom('exceptions').select('id').execute(),
  ]);
  const there = new Set([
    ...attestations.map((row) => `${row.device_id}/${row.seq}`),
    ...tokens.map((row) => row.id),
    ...exceptions.map((row) => row.id),
  ]);
  const nameOf = (each: Acknowledged) => (each.kind === 'attestation' ? `${each.deviceId}/${each.seq}` : each.id);
  return acknowledged.filter((each) => !there.has(nameOf(each))).map((each) => `${each.kind} ${nameOf(each)}`);
}
