import { setImmediate as othersFirst } from 'node:timers/promises';
import { type AnalyticsReport, type ReportName, reportNames } from '@postern/shared/protocol/analytics';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { ReportRow } from './facts.ts';
import { readNames } from './names.ts';
import { reportKinds } from './reports.ts';
import { type AnalyticsDeps, createSources, type Sources } from './sources.ts';

/** Of each, where all reports are asked for. */
const shownTogether = 50;

/** All reports, each with its first rows. */
export async function viewReports(deps: AnalyticsDeps, days: number, now: Instant) {
  const sources = createSources(deps, days, now);
  const reports: AnalyticsReport[] = [];
  for (const name of reportNames) {
    // Counting is no waiting: where the database answers in this thread, nothing else would get its turn.
    await othersFirst();
    reports.push(await view(deps, name, sources, shownTogether));
  }
  return { at: toTimestamp(now), days, reports };
}

/**
 * One report.
 *
 * @param days how far back it looks
 * @param most rows
 */
export async function viewReport(
  deps: AnalyticsDeps,
  name: ReportName,
  { days, most }: { days: number; most: number },
  now: Instant,
): Promise<AnalyticsReport> {
  return view(deps, name, createSources(deps, days, now), most);
}

async function view(
  { store }: AnalyticsDeps,
  name: ReportName,
  sources: Sources,
  most: number,
): Promise<AnalyticsReport> {
  const kind = reportKinds[name];
  const rows = (await kind.rows(sources)).toSorted(flaggedFirst);
  const shown = rows.slice(0, most);
  const nameOf = await readNames(
    store.read,
    shown.flatMap(({ about }) => about),
  );
  const flagged = rows.filter((row) => row.flagged).length;
  return {
    report: name,
    title: kind.title,
    days: sources.days,
    threshold: kind.threshold,
    flagged: flagged > 0,
    sentence: sentenceOf(rows.length, flagged),
    rows: shown.map(({ subject, about, values, flagged, sentence }) => ({
      subject,
      about: about.map(nameOf),
      values: { ...values },
      flagged,
      sentence,
    })),
    total: rows.length,
  };
}

function sentenceOf(rows: number, flagged: number): string {
  if (rows === 0) return 'There is nothing to report.';
  if (flagged === 0) return `Nothing of ${rows} is over the threshold.`;
  return `${flagged} of ${rows} ${flagged === 1 ? 'is' : 'are'} over the threshold.`;
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
