import type { Clock, Instant } from '@postern/shared/time';

/** A clock that stands where the story is. It never goes back. */
export class DemoClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  reach(at: Instant): void {
    if (at > this.#now) this.#now = at;
  }
}

interface Entry {
  at: Instant;
  /** What was entered first happens first. */
  order: number;
  act: () => Promise<void>;
}

/** What is to happen, and when. What happens may enter more, up to the end. */
export class Agenda {
  readonly #entries: Entry[] = [];
  #entered = 0;

  at(time: Instant, act: () => Promise<void>): void {
    const entry = { at: time, order: (this.#entered += 1), act };
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle] as Entry;
      // Latest first, so that the next one is taken from the end.
      if (other.at > entry.at || (other.at === entry.at && other.order > entry.order)) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
  }

  /** Lets everything up to `end` happen in its order, with the clock at each. */
  async run(clock: DemoClock, end: Instant): Promise<void> {
    for (let entry = this.#entries.at(-1); entry !== undefined && entry.at <= end; entry = this.#entries.at(-1)) {
      this.#entries.pop();
      clock.reach(entry.at);
      await entry.act();
    }
    clock.reach(end);
  }
}
