import { parseArgs } from 'node:util';
import { reading, someReadings } from '@postern/server/attestation/testing/readings';
import {
  compilePolicy,
  defaultPolicy,
  evaluate,
  readPolicyDocument,
  type Rulebook,
} from '@postern/server/policy/index';
import { readReleases } from '@postern/server/releases/index';

/**
 * `npm run bench policy [-- --json]`: how long the default policy takes over a device, with readings that were judged before (a
 * token) and with readings never seen (an attestation), on one core.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '7' } } });
const perRound = 20_000;
const now = Date.UTC(2026, 10, 21, 9);

const policy = compilePolicy(readPolicyDocument(defaultPolicy()), 1);
const rulebook: Rulebook = {
  epoch: '1',
  policies: [policy],
  tiers: new Map(),
  access: new Map(),
  releases: readReleases(null),
  brakes: [],
};
const person = { id: 'usr_1', email: 'ada@example.com', groups: ['Engineering'] };
const subject = { platform: 'linux', ownership: 'corporate', keyProtection: 'software', person } as const;
const system = {
  platform: 'linux',
  id: 'ubuntu',
  name: 'Ubuntu 24.04.3 LTS',
  version: '24.04',
  build: '6.8.0-52-generic',
  supportEndsOn: null,
};
const readings = someReadings(now, {
  'os-version': reading(system, now),
  'screen-lock': reading({ enabled: true, delaySeconds: 300, desktop: 'gnome' }, now),
  uptime: reading({ startedAt: '2026-11-20T08:00:00.000Z' }, now),
});
const judge = (of: typeof readings) =>
  evaluate({ rulebook, subject, readings: of, held: new Map(), failingSince: {}, resource: null, now });

function micros(make: () => typeof readings): number {
  const given = Array.from({ length: perRound }, make);
  const start = performance.now();
  for (const each of given) judge(each);
  return ((performance.now() - start) / perRound) * 1000;
}

const median = (figures: number[]) => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
const rounds = Number(values.rounds);
micros(() => readings);
const seen = median(Array.from({ length: rounds }, () => micros(() => readings)));
const unseen = median(Array.from({ length: rounds }, () => micros(() => structuredClone(readings))));
const answered = judge(readings).filter(({ outcome }) => outcome === 'pass' || outcome === 'fail').length;
const result = {
  rules: policy.rules.length,
  answered,
  seenMicros: Number(seen.toFixed(1)),
  neverSeenMicros: Number(unseen.toFixed(1)),
  evaluationsPerSecond: Math.round(1_000_000 / seen),
};
if (values.json === true) console.log(JSON.stringify(result));
else
  console.log(
    `${result.rules} rules, ${answered} with an answer: ${result.seenMicros} µs over readings that were judged before, ${result.neverSeenMicros} µs over new ones`,
  );
