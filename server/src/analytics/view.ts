import { type AnalyticsReport, type ReportName } from '@postern/shared/protocol/analytics';
import { type Instant, toTimestamp } from '@postern/shared/time';
import { type CountedReport, type CountedReports, countReport, countReports } from './count.ts';
import { readNames } from './names.ts';
import type { Read } from './read-requests.ts';
import { reportKinds } from './reports.ts';
import { type AnalyticsDeps, createSources } from './sources.ts';

/** Of each, where all reports are asked for. */
const shownTogether = 50;

/** All reports, each with its first rows. */
export async function viewReports(deps: AnalyticsDeps, days: number, now: Instant) {
  return presentAll(deps.store.read, await countReports(deps, days, now));
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
  return present(deps.store.read, await countReport(name, createSources(deps, days, now)), most);
}

export async function presentAll(read: Read, { at, days, reports }: CountedReports) {
  const shown: AnalyticsReport[] = [];
  for (const report of reports) shown.push(await present(read, report, shownTogether));
  return { at: toTimestamp(at), days, reports: shown };
}

/** A report as people see it, with what people call what it is about. */
export async function present(
  read: Read,
  { name, days, at, rows, total, flagged }: CountedReport,
  most: number,
): Promise<AnalyticsReport> {
  const kind = reportKinds[name];
  const shown = rows.slice(0, most);
  const nameOf = await readNames(
    read,
    shown.flatMap(({ about }) => about),
  );
  return {
    report: name,
    title: kind.title,
    days,
    at: toTimestamp(at),
    threshold: kind.threshold,
    flagged: flagged > 0,
    sentence: sentenceOf(total, flagged),
    rows: shown.map(({ subject, about, values, flagged: isFlagged, sentence }) => ({
      subject,
      about: about.map(nameOf),
      values: { ...values },
      flagged: isFlagged,
      sentence,
    })),
    total,
  };
}

function sentenceOf(rows: number, flagged: number): string {
  if (rows === 0) return 'There is nothing to report.';
  if (flagged === 0) return `Nothing of ${rows} is over the threshold.`;
  return `${flagged} of ${rows} ${flagged === 1 ? 'is' : 'are'} over the threshold.`;
}
