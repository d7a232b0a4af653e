import { type Instant, minute } from '@postern/shared/time';
import type { Json } from '@postern/shared/canonical';
import type { AuditEvent } from './event.ts';

/** Who looked, and what for: one entry a minute and person for each of these. */
export interface Look {
  personId: string;
  what: 'page' | 'proof' | 'access-log';
  /** Facts that are in the log already, or its own words. */
  filter: { [name: string]: Json };
}

interface Counted {
  minute: number;
  look: Look;
  entries: number;
  times: number;
}

/** More than that many looks within a minute are told at once, each with its own entry. */
const most = 1000;

/**
 * Records who read the audit, without letting a person who pages through it write an entry for each page: the first look of
 * a minute is recorded, further ones of the same kind are counted and recorded together after it. Per process; what was
 * counted in its last minute is lost when a process is killed, the first look never.
 */
export class AuditReads {
  readonly #looks = new Map<string, Counted>();

  /** The entries to write before the answer is given. @param entries how many the person gets to see */
  record(look: Look, entries: number, now: Instant): AuditEvent[] {
    const key = JSON.stringify([look.personId, look.what, look.filter]);
    const thisMinute = Math.floor(now / minute);
    const known = this.#looks.get(key);
    if (known?.minute === thisMinute) {
      known.entries += entries;
      known.times += 1;
      return [];
    }
    this.#looks.delete(key);
    if (this.#looks.size < most) this.#looks.set(key, { minute: thisMinute, look, entries: 0, times: 0 });
    return [...summaryOf(known, now), readEvent(look, entries, now, {})];
  }

  /** What was counted in minutes that have passed. */
  flush(now: Instant): AuditEvent[] {
    const past = [...this.#looks].filter(([, { minute: counted }]) => counted !== Math.floor(now / minute));
    for (const [key] of past) this.#looks.delete(key);
    return past.flatMap(([, counted]) => summaryOf(counted, now));
  }
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
