import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { fromTimestamp, timestampSchema } from '@postern/shared/time';
import { exportLog, formatNames, type FormatName } from '../audit/index.ts';
import { auditEventTypes, systemActor } from '../audit/event.ts';
import { type CliContext, withExisting } from './context.ts';
import { unwritable } from './named-file.ts';

interface ExportOptions {
  format: FormatName;
  from?: number;
  to?: number;
  type?: string;
  withText?: boolean;
  output?: string;
}

/** Writes the log where a SIEM, a spreadsheet or `audit verify` reads it. */
export function addAuditExportCommand(audit: Command, context: CliContext): void {
  audit
    .command('export')
    .description('Write the audit log, oldest entry first. That it was exported is recorded')
    .addOption(new Option('--format <name>', 'how').choices([...formatNames]).default('jsonl'))
    .option('--from <time>', 'entries from then on', time)
    .option('--to <time>', 'entries until then, exclusive', time)
    .addOption(new Option('--type <type>', 'entries of one type').choices([...auditEventTypes]))
    .option('--with-text', 'also what people wrote, where it was not erased')
    .option('--output <file>', 'write to this file, for nobody else to read; else to standard output')
    .addHelpText(
      'after',
      '\nAll of it as JSON Lines (without --from, --to and --type) is what audit verify FILE proves without this server.\n\nExamples:\n  postern-server audit export --output audit.jsonl\n  postern-server audit export --format cef --from 2026-11-01T00:00:00Z',
    )
    .action((options: ExportOptions) =>
      withExisting(context, async (deps) => {
        const { format, withText = false, type, from, to, output } = options;
        const made = await exportLog(
          deps,
          { format, filter: { type, from, to }, withText },
          systemActor,
          deps.clock.now(),
        );
        if (output === undefined) {
          for await (const line of made.lines) context.out(line);
          return;
        }
        await pipeline(Readable.from(made.lines), createWriteStream(output, { mode: 0o600 })).catch(
          (error: unknown) => {
            throw isOfFiles(error) ? unwritable(output, error) : error;
          },
        );
        context.err(`Wrote ${output}\n`);
      }),
    );
}

function isOfFiles(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function time(text: string): number {
  const read = timestampSchema.safeParse(text);
  if (!read.success) throw new InvalidArgumentError('must be a time as 2026-11-21T09:30:00Z.');
  return fromTimestamp(read.data);
}
