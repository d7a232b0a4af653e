import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareWithJose } from '@postern/server/jws/testing/differential';
import { startPostgres } from '../support/postgres.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { proveAudit } from './audit.ts';
import { proveCollectors } from './collectors.ts';
import { proveExceptions } from './exceptions.ts';
import { killRounds } from './kill.ts';
import { proveProperties } from './properties.ts';
import { proveSignals } from './signals.ts';

export interface ProofRun {
  seed: number;
  kills: number;
  /** Of signals. */
  changes: number;
  say: (line: string) => void;
}

interface Proof {
  name: string;
  about: string;
  /** Whether it holds. */
  run: (given: ProofRun) => Promise<boolean>;
}

/** Every proof that has a long form. */
export const proofs: readonly Proof[] = [
  {
    name: 'kill',
    about: 'SIGKILL at random moments under load, on each store: nothing acknowledged is lost',
    run: proveKill,
  },
  {
    name: 'es256',
    about: 'a million texts, judged by jose and by our ES256: nothing is accepted that jose refuses',
    run: proveEs256,
  },
  {
    name: 'collectors',
    about: 'spoilt and cut answers of hundreds of recorded machines: no reading is better than its machine',
    run: proveCollectors,
  },
  {
    name: 'audit',
    about: 'the audit of a month, damaged in every way: each damage is found, and told apart',
    run: proveAudit,
  },
  {
    name: 'exceptions',
    about: 'every history of up to 7 happenings in a small world: no rule of exceptions is ever broken',
    run: proveExceptions,
  },
  {
    name: 'signals',
    about:
      'a thousand ends of trust: introspection, /verify and both receivers know within a second, through kills too',
    run: proveSignals,
  },
  {
    name: 'properties',
    about: 'what npm test tries a few times only, ten times as often: random histories, replays, kept facts, log files',
    run: proveProperties,
  },
];

async function proveKill({ seed, kills, say }: ProofRun): Promise<boolean> {
  const postgres = await startPostgres();
  let holds = true;
  try {
    for (const store of ['sqlite', 'postgres'] as const) {
      const dataFolder = mkdtempSync(join(tmpdir(), 'postern-proof-'));
      try {
        if (store === 'postgres' && 'unavailable' in postgres) throw new Error(postgres.unavailable);
        const databaseUrl =
          store === 'postgres' && 'createDatabase' in postgres
            ? await postgres.createDatabase()
            : `sqlite:${join(dataFolder, 'postern.db')}`;
        say(`${store}:`);
        const figures = await killRounds({ databaseUrl, dataFolder, kills, devices: 12, seed, say });
        say(`${store}: ${JSON.stringify(figures)}`);
        holds &&= figures.missing.length === 0 && figures.refused.length === 0 && figures.chain.outcome === 'intact';
      } finally {
        rmSync(dataFolder, { recursive: true, force: true });
      }
    }
  } finally {
    if ('stop' in postgres) await postgres.stop();
  }
  return holds;
}

async function proveEs256({ seed, say }: ProofRun): Promise<boolean> {
  const random = seededRandom(seed);
  let held = true;
  for (let part = 1; part <= 20; part += 1) {
    const { compared, accepted, differences } = await compareWithJose(50_000, random);
    say(
      `${part * compared} compared; of the last ${compared}, ${accepted} accepted by both, ${differences.length} by us alone`,
    );
    held &&= differences.length === 0 && accepted > 0;
  }
  return held;
}
