import { Argument, type Command, InvalidArgumentError } from 'commander';
import {
  type AnalyticsReport,
  analyticsQuerySchema,
  type ReportName,
  reportNames,
} from '@postern/shared/protocol/analytics';
import { toCsv, viewReport, viewReports } from '../analytics/index.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';

interface Options extends CommonOptions {
  csv?: boolean;
  days: number;
}

const rowsOfAll = 10;
const mostRows = 20_000;

/** Reports on how exceptions are used and misused (docs/abuse-analytics.md). */
export function addAnalyticsCommands(program: Command, context: CliContext): void {
  program
    .command('analytics')
    .addArgument(new Argument('[report]', 'only this one, whole').choices(reportNames))
    .description('Report how exceptions are used and misused, and what is over a threshold')
    .option('--days <number>', 'how far back to look, 1 to 365', days, 30)
    .option('--csv', 'print one report as comma-separated values')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  postern-server analytics\n  postern-server analytics approvers --days 90\n  postern-server analytics outstanding --csv > outstanding.csv',
    )
    .action(async (name: ReportName | undefined, options: Options, command: Command) => {
      if (options.csv === true && name === undefined)
        command.error('error: say which report is wanted as CSV, as in: postern-server analytics outstanding --csv');
      await withExisting(context, async (deps) => {
        const now = deps.clock.now();
        if (name === undefined) {
          const all = await viewReports(deps, options.days, now);
          answer(context, options, all, all.reports.map((report) => inWords(report, rowsOfAll)).join('\n\n'));
          return;
        }
        const report = await viewReport(deps, name, { days: options.days, most: mostRows }, now);
        if (options.csv === true) context.out(toCsv(report));
        else answer(context, options, report, inWords(report, mostRows));
      });
    });
}

/** A report for people: what it is, when it is flagged, and a table. */
function inWords({ report, title, days, threshold, sentence, rows, total }: AnalyticsReport, most: number): string {
  const shown = rows.slice(0, most);
  const lines = [`${title} (${report}, ${days} days). ${sentence}`, `  Flagged: ${threshold}.`];
  if (shown.length === 0) return lines.join('\n');
  const names = [...new Set(shown.flatMap((row) => Object.keys(row.values)))];
  const table = [
    ['', 'about', ...names],
    ...shown.map(({ flagged, about, subject, values }) => [
      flagged ? '!' : '',
      about.length === 0 ? subject : about.map(({ name }) => name).join(', '),
      ...names.map((name) => String(values[name] ?? '')),
    ]),
  ].map((cells) => cells.map(printable));
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  lines.push(
    ...table.map((cells) => `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
  );
  if (total > shown.length) lines.push(`  and ${total - shown.length} more: postern-server analytics ${report}`);
  return lines.join('\n');
}

/** What a terminal would obey is not printed, and nothing makes a table of one line. */
function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, 100);
}

function days(text: string): number {
  const parsed = analyticsQuerySchema.safeParse({ days: text });
  if (!parsed.success) throw new InvalidArgumentError('It must be a number of days from 1 to 365.');
  return parsed.data.days;
}
