import { type Instant, minute } from '@postern/shared/time';
import type { Json } from '@postern/shared/canonical';
import type { AuditEvent } from './event.ts';

/** Who looked, and what for: one entry a minute and person for each of these. */
export interface Look {
  personId: string;
  what: 'page' | 'entry' | 'proof' | 'access-log';
  /** Facts that are in the log already, or its own words. */
  filter: { [name: string]: Json };
}

interface Counted {
  minute: number;
  look: Look;
  entries: number;
  times: number;
}

/** So many filters of one person are recorded within a minute, each by its own entry; further ones together. */
const mostFilters = 20;
const various = { various: true } as const;

/**
 * Records who read the audit, without letting a person who pages through it, or tries one filter after the other, fill it:
 * the first look of a minute is recorded, further ones of the same kind are counted and recorded together after it. Per
 * process; what was counted in its last minute is lost when a process is killed, the first look never.
 */
export class AuditReads {
  readonly #looks = new Map<string, Counted>();
  readonly #filters = new Map<string, { minute: number; count: number }>();

  /** The entries to write before the answer is given. @param entries how many the person gets to see */
  record(look: Look, entries: number, now: Instant): AuditEvent[] {
    const thisMinute = Math.floor(now / minute);
    if (this.#count(look, entries, thisMinute)) return [];
    const own = this.#filters.get(look.personId);
    const filters = own?.minute === thisMinute ? own.count : 0;
    const shown = filters < mostFilters ? look : { ...look, filter: various };
    if (shown !== look && this.#count(shown, entries, thisMinute)) return [];
    this.#filters.set(look.personId, { minute: thisMinute, count: filters + 1 });
    const before = this.#looks.get(keyOf(shown));
    this.#looks.set(keyOf(shown), { minute: thisMinute, look: shown, entries: 0, times: 0 });
    return [...summaryOf(before, now), readEvent(shown, entries, now, {})];
  }

  /** Whether the same was looked for within this minute, and is counted there. */
  #count(look: Look, entries: number, thisMinute: number): boolean {
    const known = this.#looks.get(keyOf(look));
    if (known?.minute !== thisMinute) return false;
    known.entries += entries;
    known.times += 1;
    return true;
  }

  /** What was counted in minutes that have passed. */
  flush(now: Instant): AuditEvent[] {
    const past = [...this.#looks].filter(([, { minute: counted }]) => counted !== Math.floor(now / minute));
    for (const [key] of past) this.#looks.delete(key);
    for (const [person, { minute: counted }] of this.#filters)
      if (counted !== Math.floor(now / minute)) this.#filters.delete(person);
    return past.flatMap(([, counted]) => summaryOf(counted, now));
  }
}

function keyOf({ personId, what, filter }: Look): string {
  return JSON.stringify([personId, what, filter]);
}

function summaryOf(counted: Counted | undefined, now: Instant): AuditEvent[] {
  if (counted === undefined || counted.times === 0) return [];
  return [readEvent(counted.look, counted.entries, now, { times: counted.times })];
}

function readEvent({ personId, what, filter }: Look, entries: number, at: Instant, more: Look['filter']): AuditEvent {
  return {
    at,
    type: 'audit.read',
    outcome: 'success',
    actor: { kind: 'person', id: personId },
    subject: null,
    data: { what, filter, entries, ...more },
  };
}
