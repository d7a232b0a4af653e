import type { RuleResult, Verdict, VerdictStatus } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { plain } from './plain.ts';
import { reasonOf, ruleStateOf } from './rule-state.ts';
import { sayWhen } from './say-time.ts';
import type { Colour, Paint } from './style.ts';
import { padTo, widthOf, wrap } from './text-width.ts';

export interface TableOptions {
  /** Of the terminal. Below 72 the columns become paragraphs. */
  columns: number;
  paint: Paint;
  now: Instant;
}

interface Row {
  sign: string;
  colour: Colour;
  cells: readonly string[];
}

const titles = ['Rule', 'Result', 'Reason', 'Deadline', 'Fix'] as const;
const gap = '  ';
const narrowestTable = 72;
/** How the width that is left is shared when not all columns fit. */
const shares = [0.19, 0.17, 0.27, 0.17, 0.2] as const;

/**
 * Every rule with result, reason, deadline and fix, worst first, and a line that sums it up. Whatever comes from a
 * policy or a backend is made plain; nothing is wider than the terminal.
 *
 * @returns lines joined with newlines, with one at the end
 */
export function verdictTable(verdict: Verdict, options: TableOptions): string {
  const rows = verdict.rules
    .toSorted((left, right) => urgency(left) - urgency(right))
    .map((rule) => rowOf(rule, options.now));
  const body = options.columns < narrowestTable ? paragraphs(rows, options) : table(rows, options);
  return [...body, '', ...summary(verdict, options)].map((line) => `${line.trimEnd()}\n`).join('');
}

const order = ['blocked', 'grace', 'warned', 'excepted', 'fine', 'not-applicable'] as const;

function urgency({ standing }: RuleResult): number {
  return order.indexOf(standing);
}

function rowOf(rule: RuleResult, now: Instant): Row {
  const state = ruleStateOf(rule);
  const hasDeadline = rule.deadline !== null && (rule.standing === 'grace' || rule.standing === 'blocked');
  const fix = rule.outcome === 'pass' || rule.fix === null ? '' : [rule.fix.text, rule.fix.link ?? ''].join(' ');
  return {
    sign: state.sign,
    colour: state.colour,
    cells: [
      rule.title,
      `${state.sign} ${state.words}`,
      reasonOf(rule),
      hasDeadline && rule.deadline !== null ? sayWhen(rule.deadline, now) : '',
      fix,
    ].map(plain),
  };
}

function table(rows: readonly Row[], { columns, paint }: TableOptions): string[] {
  const widths = columnWidths(rows, columns);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => padTo(cell, widths[index] ?? 0))
      .join(gap)
      .trimEnd();
  const lines = [paint('bold', line(titles)), line(widths.map((width) => '─'.repeat(width)))];
  for (const row of rows) {
    const wrapped = row.cells.map((cell, index) => wrap(cell, widths[index] ?? 1));
    const height = Math.max(...wrapped.map((cell) => cell.length));
    for (let at = 0; at < height; at += 1) {
      const cells = wrapped.map((cell, index) => padTo(cell[at] ?? '', widths[index] ?? 0));
      lines.push(cells.map((cell, index) => (index === 1 ? paint(row.colour, cell) : cell)).join(gap));
    }
  }
  return lines;
}

/** Each column as wide as it needs, if all fit; otherwise those that need more than their share give way. */
function columnWidths(rows: readonly Row[], columns: number): number[] {
  const needed = titles.map((title, index) =>
    Math.max(widthOf(title), ...rows.map(({ cells }) => widthOf(cells[index] ?? ''))),
  );
  const room = columns - gap.length * (titles.length - 1);
  if (sum(needed) <= room) return needed;
  const widths = needed.map((width, index) => Math.min(width, Math.floor(room * (shares[index] ?? 0))));
  // What narrow columns left over goes to those that still want it, the reason and the fix first.
  for (const index of [2, 4, 0, 3, 1]) {
    const spare = room - sum(widths);
    widths[index] = Math.min(needed[index] ?? 0, (widths[index] ?? 0) + spare);
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function paragraphs(rows: readonly Row[], { columns, paint }: TableOptions): string[] {
  const width = Math.max(16, columns);
  const part = (text: string) => wrap(text, width - 2).map((line) => `  ${line}`);
  return rows.flatMap(({ colour, cells: [title = '', result = '', reason = '', deadline = '', fix = ''] }) => [
    ...wrap(title, width).map((line) => paint('bold', line)),
    ...part(result).map((line) => paint(colour, line)),
    ...(reason === '' ? [] : part(reason)),
    ...(deadline === '' ? [] : part(`Deadline: ${deadline}`)),
    ...(fix === '' ? [] : part(`Fix: ${fix}`)),
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

function summary({ status, validUntil, policies }: Verdict, { columns, paint, now }: TableOptions): string[] {
  const { sign, sentence, colour } = statuses[status];
  const names = policies.map(({ name, version }) => `${name} (version ${version})`).join(', ');
  const by = names === '' ? 'No policy applies to this device.' : `By policy ${names}.`;
  const width = Math.max(16, columns);
  return [
    ...wrap(`${sign} ${sentence}`, width).map((line) => paint(colour, line)),
    ...wrap(plain(`${by} Good until ${sayWhen(validUntil, now)}.`), width),
  ];
}
