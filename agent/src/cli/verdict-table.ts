import type { RuleResult, Verdict, VerdictStatus } from '@postern/shared/protocol/verdict';
import { fromTimestamp, type Instant, sayDuration } from '@postern/shared/time';
import { plain } from './plain.ts';
import { reasonOf, ruleStateOf } from './rule-state.ts';
import { sayMoment, sayWhen } from './say-time.ts';
import type { Colour, Paint } from './style.ts';
import { padTo, widthOf, wrap } from './text-width.ts';

export interface TableOptions {
  /** Of the terminal. */
  columns: number;
  paint: Paint;
  now: Instant;
}

interface Row {
  colour: Colour;
  rule: string;
  result: string;
  reason: string;
  deadline: string;
  fix: string;
  /** On a line of its own where there is room, so that it can be clicked. */
  link: string;
}

/** Up to this the fix stands below its row, over the whole width: in a column of its own it would be a thread. */
const widestWithFixBelow = 131;
/** Up to this there are no columns at all. */
const widestParagraph = 71;
const gap = '  ';

const columnsWithoutFix = [
  { title: 'Rule', share: 0.27, cell: (row: Row) => row.rule },
  { title: 'Result', share: 0.23, cell: (row: Row) => row.result },
  { title: 'Reason', share: 0.3, cell: (row: Row) => row.reason },
  { title: 'Deadline', share: 0.2, cell: (row: Row) => row.deadline },
] as const;
const columnsWithFix = [
  { ...columnsWithoutFix[0], share: 0.19 },
  { ...columnsWithoutFix[1], share: 0.15 },
  { ...columnsWithoutFix[2], share: 0.25 },
  { ...columnsWithoutFix[3], share: 0.14 },
  { title: 'Fix', share: 0.27, cell: (row: Row) => `${row.fix} ${row.link}`.trim() },
] as const;
type Columns = typeof columnsWithoutFix | typeof columnsWithFix;

/**
 * Every rule with result, reason, deadline and fix, worst first, and a line that sums it up. Whatever comes from a
 * policy or a backend is made plain; nothing is wider than the terminal.
 *
 * @returns lines, each with a newline at its end
 */
export function verdictTable(verdict: Verdict, options: TableOptions): string {
  const rows = verdict.rules
    .toSorted((left, right) => urgency(left) - urgency(right))
    .map((rule) => rowOf(rule, options));
  return [...layOut(rows, options), '', ...summary(verdict, options)].map((line) => `${line.trimEnd()}\n`).join('');
}

function layOut(rows: readonly Row[], options: TableOptions): string[] {
  if (options.columns <= widestParagraph) return paragraphs(rows, options);
  if (options.columns > widestWithFixBelow) return table(rows, columnsWithFix, () => [], options);
  return table(rows, columnsWithoutFix, (row) => fixLines(row, options.columns), options);
}

const order = ['blocked', 'grace', 'warned', 'excepted', 'reported', 'fine', 'not-applicable'] as const;

function urgency({ standing, stage }: RuleResult): number {
  // Within a grace, what is to be fixed now comes before what has time.
  return order.indexOf(standing) - (standing === 'grace' && stage === 'warn' ? 0.5 : 0);
}

function rowOf(rule: RuleResult, { now, columns }: TableOptions): Row {
  const { sign, words, colour } = ruleStateOf(rule);
  const counts = rule.standing === 'grace' || rule.standing === 'blocked';
  // What could not be checked may be in order: its reason says what would help.
  const showsFix = (rule.outcome === 'fail' && rule.standing !== 'reported') || (counts && rule.outcome === 'unknown');
  // What is fine needs no reason where room is short.
  const showsReason = rule.outcome !== 'pass' || columns > widestWithFixBelow;
  return {
    colour,
    rule: plain(rule.title),
    result: plain(`${sign} ${words}`),
    reason: showsReason ? plain(reasonOf(rule)) : '',
    deadline: counts && rule.deadline !== null ? plain(sayWhen(rule.deadline, now)) : '',
    fix: showsFix ? plain(rule.fix?.text ?? '') : '',
    link: showsFix ? plain(rule.fix?.link ?? '') : '',
  };
}

function table(rows: readonly Row[], layout: Columns, below: (row: Row) => string[], options: TableOptions): string[] {
  const { columns, paint } = options;
  const widths = columnWidths(rows, layout, columns);
  const line = (cells: readonly string[]) => cells.map((cell, index) => padTo(cell, widths[index] ?? 0)).join(gap);
  const lines = [
    paint('bold', line(layout.map(({ title }) => title)).trimEnd()),
    line(widths.map((width) => '─'.repeat(width))),
  ];
  for (const row of rows) {
    const wrapped = layout.map(({ cell }, index) => wrap(cell(row), widths[index] ?? 1));
    const height = Math.max(...wrapped.map((cell) => cell.length));
    for (let at = 0; at < height; at += 1) {
      const cells = wrapped.map((cell, index) => padTo(cell[at] ?? '', widths[index] ?? 0));
      lines.push(cells.map((cell, index) => (index === 1 ? paint(row.colour, cell) : cell)).join(gap));
    }
    lines.push(...below(row));
  }
  return lines;
}

/** Each column as wide as it needs, if all fit; otherwise those that need more than their share give way. */
function columnWidths(rows: readonly Row[], layout: Columns, columns: number): number[] {
  const needed = layout.map(({ title, cell }) => Math.max(widthOf(title), ...rows.map((row) => widthOf(cell(row)))));
  const room = columns - gap.length * (layout.length - 1);
  if (sum(needed) <= room) return needed;
  const widths = layout.map(({ share }, index) => Math.min(needed[index] ?? 0, Math.floor(room * share)));
  // What modest columns left over goes to those that still want it, the wordy ones first.
  for (const index of [2, 4, 0, 3, 1].filter((each) => each < layout.length)) {
    widths[index] = Math.min(needed[index] ?? 0, (widths[index] ?? 0) + room - sum(widths));
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function fixLines({ fix, link }: Row, columns: number): string[] {
  const lines = [
    ...(fix === '' ? [] : wrap(`Fix: ${fix}`, columns - 2)),
    ...(link === '' ? [] : wrap(link, columns - 2)),
  ];
  return lines.map((line) => `  ${line}`);
}

function paragraphs(rows: readonly Row[], { columns, paint }: TableOptions): string[] {
  const width = Math.max(16, columns);
  const part = (text: string) => (text === '' ? [] : wrap(text, width - 2).map((line) => `  ${line}`));
  return rows.flatMap((row) => [
    ...wrap(row.rule, width).map((line) => paint('bold', line)),
    ...part(row.result).map((line) => paint(row.colour, line)),
    ...part(row.reason),
    ...part(row.deadline === '' ? '' : `Deadline: ${row.deadline}`),
    ...fixLines(row, width),
  ]);
}

const statuses: Record<VerdictStatus, { sign: string; sentence: string; colour: Colour }> = {
  compliant: { sign: '✓', sentence: 'This device is fine.', colour: 'green' },
  grace: { sign: '◷', sentence: 'This device may go on, but something must be fixed in time.', colour: 'amber' },
  'non-compliant': {
    sign: '✗',
    sentence: 'This device is blocked. Fix what is marked, then: postern-agent attest',
    colour: 'red',
  },
  stale: {
    sign: '✗',
    sentence: 'The last report is too old to be trusted. Report again: postern-agent attest',
    colour: 'red',
  },
};

function sayValidity(validUntil: string, now: Instant): string {
  const left = fromTimestamp(validUntil) - now;
  return left > 0
    ? `Good for ${sayDuration(left)}, until ${sayMoment(validUntil)}`
    : `Good until ${sayMoment(validUntil)}`;
}

function summary({ status, validUntil, policies, because }: Verdict, { columns, paint, now }: TableOptions): string[] {
  const { sign, sentence, colour } = statuses[status];
  const names = policies.map(({ name, version }) => `${name} (version ${version})`).join(', ');
  const by = names === '' ? 'No policy applies to this device.' : `By policy ${names}.`;
  const width = Math.max(16, columns);
  return [
    ...wrap(`${sign} ${sentence}`, width).map((line) => paint(colour, line)),
    ...(because.length === 0 ? [] : wrap(plain(`Because of ${because.join(', ')}.`), width)),
    ...wrap(plain(`${by} ${sayValidity(validUntil, now)}.`), width),
  ];
}
