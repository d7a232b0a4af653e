import { type Instant, minute } from '@postern/shared/time';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { AuditEvent } from './event.ts';

/** Enough to see that something is tried, and how; a flood of it says nothing more. */
const perMinute = 20;

interface Counted {
  minute: number;
  written: number;
  leftOut: number;
}

/**
 * Bounds what callers whom nobody knows can make the audit keep for good. Of the refusals of one code, the first of
 * each minute are recorded; the rest are counted, and the next one that is recorded says how many they were
 * (`data.alsoRefused`). Per process: with several nodes each has its own share. A count that no later refusal carries
 * is lost when the process ends.
 */
export class AnonymousRefusals {
  readonly #codes = new Map<ErrorCode, Counted>();

  /** The entry as it is to be recorded; none when the minute's share of this code is used up. */
  record(code: ErrorCode, event: AuditEvent, now: Instant): AuditEvent[] {
    const counted = this.#countedIn(code, Math.floor(now / minute));
    if (counted.written >= perMinute) {
      counted.leftOut += 1;
      return [];
    }
    const { leftOut } = counted;
    counted.written += 1;
    counted.leftOut = 0;
    return [leftOut === 0 ? event : { ...event, data: { ...event.data, alsoRefused: leftOut } }];
  }

  #countedIn(code: ErrorCode, thisMinute: number): Counted {
    const known = this.#codes.get(code);
    if (known?.minute === thisMinute) return known;
    const counted = { minute: thisMinute, written: 0, leftOut: known?.leftOut ?? 0 };
    this.#codes.set(code, counted);
    return counted;
  }
}
