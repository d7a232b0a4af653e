import type { Place } from './macos-place.ts';
import { isForModel } from './model.ts';
import type { ReleaseFacts } from './release-facts.ts';

/** An update, and where it stands among the others of its release. */
export interface Update {
  place: Place;
  /** As the facts name it. */
  name: string;
  releasedOn: string;
  phasedUntil?: string | undefined;
  onlyModels?: readonly string[] | undefined;
  notModels?: readonly string[] | undefined;
}

interface Question {
  /** Undefined: the device names no version that is understood. */
  has: Place | undefined;
  /** Undefined: nobody says which updates there are. */
  updates: readonly Update[] | undefined;
  model: string | null;
  /** `YYYY-MM-DD` */
  today: string;
  /** More updates may be out than are listed. */
  stale: boolean;
}

type UpdateFacts = Pick<ReleaseFacts, 'latest' | 'upToDate' | 'behindSince'>;

export const noUpdateFacts: UpdateFacts = { latest: null, upToDate: null, behindSince: null };

/**
 * What the updates of a release mean for one machine. An update counts from the day on which everybody is offered it. One
 * whose model is not known may or may not be for this machine: nothing is claimed that hangs on it. A stale list still
 * shows who is behind, and no longer who is not.
 */
export function updateFacts({ has, updates, model, today, stale }: Question): UpdateFacts {
  if (has === undefined || updates === undefined || updates.length === 0) return noUpdateFacts;
  const due = updates.filter((update) => countsFrom(update) <= today);
  const certain = due.filter((update) => isForModel(update, model) === true);
  const doubtful = due.filter((update) => isForModel(update, model) === undefined);
  const newest = newestOf(certain);
  const mayHaveNewer = doubtful.some(({ place }) => newest === undefined || order(place, newest.place) > 0);
  const latest = stale || mayHaveNewer ? null : (newest?.name ?? null);
  const lacking = certain.filter(({ place }) => order(place, has) > 0).map(countsFrom);
  if (lacking.length > 0) return { latest, upToDate: false, behindSince: lacking.toSorted()[0] ?? null };
  const mayLack = doubtful.some(({ place }) => order(place, has) > 0);
  return { latest, upToDate: stale || mayLack ? null : true, behindSince: null };
}

function newestOf(updates: readonly Update[]): Update | undefined {
  return updates.toSorted((left, right) => order(right.place, left.place))[0];
}

function countsFrom({ releasedOn, phasedUntil }: Update): string {
  return phasedUntil !== undefined && phasedUntil > releasedOn ? phasedUntil : releasedOn;
}

function order(left: Place, right: Place): number {
  for (const [at, number] of left.entries()) {
    const difference = number - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
