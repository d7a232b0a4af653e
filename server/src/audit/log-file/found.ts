import type { LogFault } from './verdict.ts';

/** Ends a verification: the first thing that is wrong with a log. */
export class Found extends Error {
  readonly fault: LogFault;
  /** Number of the entry where it shows first; null where it is about none. */
  readonly seq: number | null;

  /** @param why a sentence */
  constructor(fault: LogFault, seq: number | null, why: string) {
    super(why);
    this.fault = fault;
    this.seq = seq;
  }
}
