import type { Check, Platform } from '@postern/shared/checks/define';
import type { Finding } from './finding.ts';
import type { System } from './system.ts';

/** One check, read on one or more platforms. A collector is one folder and one line in collectors.ts. */
export interface Collector<Value = unknown> {
  check: Check<Value>;
  /** After this the reading is unknown (timed-out), whatever the collector still does. */
  deadlineMs: number;
  on: Partial<Record<Platform, (system: System) => Promise<Finding<Value>>>>;
}

export function defineCollector<Value>(collector: Collector<Value>): Collector<Value> {
  return collector;
}
