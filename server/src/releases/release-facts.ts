import type { osVersion } from '@postern/shared/checks/os-version';
import type { Instant } from '@postern/shared/time';
import type { z } from 'zod';

export type OsVersion = z.infer<typeof osVersion.value>;

/**
 * What is known of the release of a system that a device runs: `release` in the expressions of policies. Dates are
 * `YYYY-MM-DD`. Null is not known, and what depends on it is unknown.
 */
export interface ReleaseFacts {
  /** Whether the feed has this release at all. */
  known: boolean;
  /** It has no versions and no end: always supported, as long as it is updated. */
  rolling: boolean;
  /** Last day of support for this edition: by the feed, or else by what the system says itself. */
  supportEndsOn: string | null;
  /** The newest update of this release that this machine can have, and that is offered to everybody by now. */
  latest: string | null;
  /** Whether the device has it, or a newer one. */
  upToDate: boolean | null;
  /** Since when an update has been out for everybody that the device lacks; null where it lacks none, or that is not known. */
  behindSince: string | null;
}

/** The feed that is in force. Pure: the same question, the same answer. */
export interface Releases {
  /**
   * @param model of the machine, where it is known: not every update is for every model
   * @param now only its day counts, in UTC: the answer is the same from midnight to midnight
   */
  of(system: OsVersion, model: string | null, now: Instant): ReleaseFacts;
}

/** What a system says of itself, and nothing else. */
export function factsWithoutFeed({ supportEndsOn }: Pick<OsVersion, 'supportEndsOn'>): ReleaseFacts {
  return { known: false, rolling: false, supportEndsOn, latest: null, upToDate: null, behindSince: null };
}

/** A feed that knows nothing. */
export const noReleases: Releases = { of: factsWithoutFeed };
