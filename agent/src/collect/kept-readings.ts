import type { Reading } from '@postern/shared/protocol/reading';
import { type Instant, second } from '@postern/shared/time';
import type { Collector, Wish } from './collector.ts';
import type { System } from './system.ts';

/** Some systems count whole seconds, and network time pulls at the clock a little. */
const clockSlackMs = 5 * second;

interface Kept {
  reading: Reading;
  at: Instant;
  /** The same moment by the clock that nobody can set. */
  uptimeSeconds: number;
  /** What was asked, and how old what it depends on was. */
  asked: string;
}

/** Readings that may serve again, for as long as the agent runs. Never longer, and never what is not known. */
export interface KeptReadings {
  /**
   * The kept reading, with the time at which it was taken, or a new one.
   *
   * @param mostAgeMs whatever the collector allows, no reading older than this; 0 makes a new one
   */
  get(
    system: System,
    collector: Collector,
    wish: Wish,
    mostAgeMs: number,
    read: () => Promise<Reading>,
  ): Promise<Reading>;
}

export function keptReadings(): KeptReadings {
  const kept = new Map<string, Kept>();
  return {
    async get(system, collector, wish, mostAgeMs, read) {
      const { check, keepForMs = 0, changesWith } = collector;
      if (keepForMs === 0) return read();
      const stamps = await stampsOf(system, changesWith?.[system.platform] ?? []);
      const before = kept.get(check.id);
      const now = system.clock.now();
      const uptimeSeconds = system.uptimeSeconds();
      // Another wish is another question, and another key must not be answered with hashes under the old one.
      const asked = JSON.stringify([wish.targets, wish.identifierKey, stamps]);
      if (before !== undefined && before.asked === asked) {
        const age = now - before.at;
        // It counts while the machine sleeps, too. Where the two differ the clock was set, and the time that the reading
        // bears is wrong by so much.
        const counted = (uptimeSeconds - before.uptimeSeconds) * second;
        const isClockSet = Math.abs(age - counted) > clockSlackMs;
        if (!isClockSet && age < Math.min(keepForMs, mostAgeMs)) return before.reading;
      }
      const reading = await read();
      if (reading.status === 'unknown') kept.delete(check.id);
      else kept.set(check.id, { reading, at: now, uptimeSeconds, asked });
      return reading;
    },
  };
}

/** Not by the time of modification alone: who puts another file in its place may give it the old one's. */
async function stampsOf(system: System, paths: readonly string[]): Promise<(string | null)[]> {
  return Promise.all(
    paths.map(async (path) => {
      const entry = await system.inspect(path);
      return entry.outcome === 'found' ? entry.version : null;
    }),
  );
}
