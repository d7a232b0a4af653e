import { type ReportName, reportNames } from '@postern/shared/protocol/analytics';
import type { Instant } from '@postern/shared/time';
import { briefly, type Pause } from '../kept.ts';
import type { ReportRow } from './facts.ts';
import { reportKinds } from './reports.ts';
import { type AnalyticsDeps, createSources, type Sources } from './sources.ts';

/** What a report says, without the names of what it is about: those are read whenever somebody looks. */
export interface CountedReport {
  name: ReportName;
  days: number;
  at: Instant;
  /** What is flagged, then what there is most of; no more than anybody is shown. */
  rows: readonly ReportRow[];
  total: number;
  flagged: number;
}

/** Rows of one report that anybody is shown. */
export const mostRows = 20_000;

export async function countReport(name: ReportName, sources: Sources): Promise<CountedReport> {
  const rows = (await reportKinds[name].rows(sources)).toSorted(flaggedFirst);
  return {
    name,
    days: sources.days,
    at: sources.now,
    rows: rows.slice(0, mostRows),
    total: rows.length,
    flagged: rows.filter(({ flagged }) => flagged).length,
  };
}

export interface CountedReports {
  at: Instant;
  days: number;
  reports: readonly CountedReport[];
  /** How much was looked at for it. */
  looked: number;
}

/** All reports, of what is read once. */
export async function countReports(
  deps: AnalyticsDeps,
  days: number,
  now: Instant,
  pause: Pause = briefly,
): Promise<CountedReports> {
  const sources = createSources(deps, days, now, pause);
  const reports: CountedReport[] = [];
  for (const name of reportNames) {
    // Counting is no waiting: where the database answers in this thread, nothing else would get its turn.
    await pause();
    reports.push(await countReport(name, sources));
  }
  const failing = [...(await sources.tallies()).values()].reduce((sum, tally) => sum + tally.failing, 0);
  return { at: now, days, reports, looked: (await sources.all()).length + failing };
}

/** What is flagged, then what there is most of, then always in the same order. */
function flaggedFirst(left: ReportRow, right: ReportRow): number {
  return (
    Number(right.flagged) - Number(left.flagged) ||
    weightOf(right) - weightOf(left) ||
    (left.subject < right.subject ? -1 : Number(left.subject > right.subject))
  );
}

function weightOf({ values }: ReportRow): number {
  const [first] = Object.values(values);
  return typeof first === 'number' ? first : 0;
}
