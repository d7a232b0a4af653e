import type { Check, Platform } from '@postern/shared/checks/define';
import type { Finding } from './finding.ts';
import type { System } from './system.ts';

/** What the backend asks of one check, beyond its reading. */
export interface Wish {
  /** What a policy names (paths), for a check that looks at nothing else. */
  targets: readonly string[];
  /** Given: hardware identifiers leave the machine only as hashes under it. */
  identifierKey: string | null;
}

/** One check, read on one or more platforms. A collector is one folder and one line in collectors.ts. */
export interface Collector<Value = unknown> {
  check: Check<Value>;
  /** After this the reading is unknown (timed-out), whatever the collector still does. */
  deadlineMs: number;
  /**
   * For what changes slowly or costs much: how long a reading of it may serve again while the agent keeps running. Without
   * it every look is a new one.
   */
  keepForMs?: number;
  /** With `keepForMs`: files and folders whose change ends that at once. */
  changesWith?: Partial<Record<Platform, readonly string[]>>;
  on: Partial<Record<Platform, (system: System, wish: Wish) => Promise<Finding<Value>>>>;
}

export function defineCollector<Value>(collector: Collector<Value>): Collector<Value> {
  return collector;
}
