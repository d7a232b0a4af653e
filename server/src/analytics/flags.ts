import { type ReportName, reportNames } from '@postern/shared/protocol/analytics';
import { hour, type Instant, minute } from '@postern/shared/time';
import type { About, ReportRow } from './facts.ts';

/** What is over a threshold now. */
export interface Finding extends Omit<ReportRow, 'flagged'> {
  kind: ReportName;
}

/** A flag that is open, as stored. */
export interface OpenFlag {
  kind: string;
  subject: string;
  openedAt: Instant;
  seenAt: Instant;
  sentence: string;
}

/** What is over for a moment only is not over: it would be told anew each time that it comes back. */
const quietMs = hour;
/** Open ones of a kind: what is wrong with more than these is wrong with the threshold. */
const mostOfKind = 500;
/** So old `seenAt` may be of what is still so. */
const refreshMs = 5 * minute;

/** What a flag says beside its sentence. */
export interface FlagData {
  about: readonly About[];
  values: ReportRow['values'];
}

export interface FlagChanges {
  open: readonly Finding[];
  refresh: readonly (Finding & { openedAt: Instant })[];
  close: readonly OpenFlag[];
}

/** What becomes of the flags by what was found: each thing is flagged once for as long as it lasts. */
export function changeFlags(open: readonly OpenFlag[], found: readonly Finding[], now: Instant): FlagChanges {
  const known = new Map(open.map((flag) => [keyOf(flag), flag]));
  const seen = new Set(found.map(keyOf));
  return {
    open: [...Map.groupBy(found, ({ kind }) => kind)].flatMap(([kind, ofKind]) => {
      const room = mostOfKind - open.filter((flag) => flag.kind === kind).length;
      return ofKind.filter((finding) => !known.has(keyOf(finding))).slice(0, Math.max(0, room));
    }),
    refresh: found.flatMap((finding) => {
      const flag = known.get(keyOf(finding));
      if (flag === undefined) return [];
      const isSame = flag.sentence === finding.sentence && now - flag.seenAt < refreshMs;
      return isSame ? [] : [{ ...finding, openedAt: flag.openedAt }];
    }),
    close: open.filter((flag) => !seen.has(keyOf(flag)) && now - flag.seenAt >= quietMs),
  };
}

function keyOf({ kind, subject }: { kind: string; subject: string }): string {
  return `${kind} ${subject}`;
}

export function isReportName(name: string): name is ReportName {
  return (reportNames as readonly string[]).includes(name);
}
