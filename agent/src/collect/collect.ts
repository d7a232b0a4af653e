import { readingSchema, type Reading, type Readings } from '@postern/shared/protocol/reading';
import { type Instant, toTimestamp } from '@postern/shared/time';
import { targetsOf } from '../plan.ts';
import type { Collector, Wish } from './collector.ts';
import { unknown, type Finding } from './finding.ts';
import type { KeptReadings } from './kept-readings.ts';
import { errorCode } from '../error-code.ts';
import type { CollectRequest } from './request.ts';
import type { System } from './system.ts';
import { systemUntil } from './system-until.ts';

export interface CollectOptions {
  /** Ids of the checks that are wanted; all of them when left out. */
  only?: readonly string[] | undefined;
  /** By check, what a policy names. */
  targets?: CollectRequest['targets'];
  identifierKey?: string | null;
  /** Readings from before, and how old they may be to serve again. */
  kept?: { readings: KeptReadings; mostAgeMs: number };
  /** How many checks are read at the same time. */
  concurrency?: number;
}

const defaultConcurrency = 4;
const longestDetail = 300;
const longestMethod = 200;

/**
 * Reads every wanted check, each under its own deadline. Never throws: what went wrong is itself a reading.
 * The answer keeps the order of the collectors, whichever ended first.
 */
export async function collect(
  system: System,
  collectors: readonly Collector[],
  options: CollectOptions = {},
): Promise<Readings> {
  const { only, concurrency = defaultConcurrency, targets = {}, identifierKey = null, kept } = options;
  const wanted = collectors.filter(({ check }) => only === undefined || only.includes(check.id));
  const readings = new Map<string, Reading>();
  const waiting = wanted.values();
  const take = (collector: Collector): Promise<Reading> => {
    const wish: Wish = { targets: targetsOf(targets, collector.check.id), identifierKey };
    const readNow = () => read(system, collector, wish);
    return kept === undefined ? readNow() : kept.readings.get(system, collector, wish, kept.mostAgeMs, readNow);
  };
  const worker = async () => {
    for (const collector of waiting) readings.set(collector.check.id, await take(collector));
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker));

  const ordered: Readings = {};
  for (const { check } of wanted) {
    const reading = readings.get(check.id);
    if (reading !== undefined) ordered[check.id] = reading;
  }
  return ordered;
}

async function read(system: System, collector: Collector, wish: Wish): Promise<Reading> {
  // Before it is read and not after: the machine may have slept for a night in between.
  const at = system.clock.now();
  return toReading(system, matchValue(collector, await findInTime(system, collector, wish)), at);
}

async function findInTime(system: System, { check, deadlineMs, on }: Collector, wish: Wish): Promise<Finding<unknown>> {
  const collector = on[system.platform];
  // Nobody wrote it yet: that says nothing of the machine.
  if (collector === undefined) {
    return unknown(
      'no-data',
      `This version of the agent cannot read “${check.title}” on this kind of system. Update the agent, or ask an admin.`,
      check.id,
    );
  }
  const late = Promise.withResolvers<Finding<unknown>>();
  const over = new AbortController();
  const inTime = systemUntil(system, over.signal);
  const timer = setTimeout(() => {
    over.abort();
    late.resolve(
      unknown(
        'timed-out',
        `${check.title} was not read within ${deadlineMs / 1000} seconds. Check again later.`,
        check.id,
      ),
    );
  }, deadlineMs);
  try {
    return await Promise.race([Promise.resolve(wish).then((asked) => collector(inTime, asked)), late.promise]);
  } catch (error) {
    return unknown(
      'failed',
      `The agent stopped with an error (${nameOf(error)}) when it read this. Please report it.`,
      check.id,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** The kind of an error and never its message, which may quote what was read. */
function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  const code = errorCode(error);
  return code === undefined ? name : `${name} ${code}`;
}

function matchValue({ check }: Collector, finding: Finding<unknown>): Finding<unknown> {
  if (finding.status !== 'ok') return finding;
  const parsed = check.value.safeParse(finding.value);
  if (parsed.success) return { ...finding, value: parsed.data };
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return unknown(
    'output-unreadable',
    `What was read does not have the expected form${where && ` (${where})`}.`,
    finding.method,
  );
}

function toReading(system: System, finding: Finding<unknown>, at: Instant): Reading {
  const provenance = {
    method: sentence(finding.method, longestMethod) || 'not told',
    privilege: system.uid === 0 ? ('root' as const) : ('user' as const),
    collectedAt: toTimestamp(at),
  };
  if (finding.status !== 'ok') {
    return readingSchema.parse({ ...finding, detail: sentence(finding.detail, longestDetail), ...provenance });
  }
  const reading = readingSchema.safeParse({ status: 'ok', value: finding.value, ...provenance });
  if (reading.success) return reading.data;
  return {
    status: 'unknown',
    reason: 'output-unreadable',
    detail: 'What was read cannot be written as JSON.',
    ...provenance,
  };
}

/** Text that fits a reading: one line without control or direction characters, cut at a whole character. */
function sentence(text: string, longest: number): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2060-\u2069\s]+/gu, ' ')
    .trim();
  if (plain.length <= longest) return plain;
  const cut = plain.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/u, '');
  return `${cut.trimEnd()}…`;
}
