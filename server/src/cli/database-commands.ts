import type { Command } from 'commander';
import { systemClock } from '@postern/shared/time';
import { buildApp, openApiDocument } from '../app.ts';
import { freshStartHash } from '../devices/index.ts';
import { backup, inspect, migrate, restore } from '../storage/index.ts';
import { answer, type CliContext, type CommonOptions, configOf, withDeps } from './context.ts';

interface RestoreOptions extends CommonOptions {
  replace?: boolean;
  dryRun?: boolean;
}

/** Commands on the database as a whole. All of them work beside a server that runs on it. */
export function addDatabaseCommands(program: Command, context: CliContext): void {
  program
    .command('migrate')
    .description('Bring the database to the schema of this program (serve does so too)')
    .option('--json', 'print JSON')
    .action(async (options: CommonOptions) => {
      const migrations = await migrate(configOf(context).databaseUrl);
      answer(
        context,
        options,
        { migrations },
        migrations.length === 0 ? 'The schema is current' : `Ran ${migrations.join(', ')}`,
      );
    });

  program
    .command('backup')
    .argument('<file>', 'where to write it')
    .description('Write a consistent copy of the database to a file, also while the server runs')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nIt holds everything but the master secret: keep master.secret (in the data folder) safe as well.\n\nExample:\n  postern-server backup /var/backups/postern.backup',
    )
    .action(async (file: string, options: CommonOptions) => {
      const summary = await backup(configOf(context).databaseUrl, file, { now: systemClock.now() });
      const sentence = `Wrote ${rowsOf(summary)} rows to ${file}. To restore it elsewhere, the master secret is needed too.`;
      answer(context, options, { file, ...summary }, sentence);
    });

  program
    .command('restore')
    .argument('<file>', 'a file that backup wrote')
    .description('Check a backup from end to end, then load it in one transaction')
    .option('--replace', 'also where the database holds data: all of it is replaced')
    .option('--dry-run', 'check only, change nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  postern-server restore postern.backup --dry-run\n  postern-server restore postern.backup --replace',
    )
    .action(async (file: string, options: RestoreOptions) => {
      if (options.dryRun === true) {
        const summary = await inspect(file);
        answer(
          context,
          options,
          { file, restored: false, ...summary },
          `${file} of ${summary.createdAt} is whole: ${rowsOf(summary)} rows. Nothing was changed.`,
        );
        return;
      }
      const { databaseUrl } = configOf(context);
      const summary = await restore(databaseUrl, file, {
        now: systemClock.now(),
        replace: options.replace ?? false,
        freshStartHash,
      });
      answer(
        context,
        options,
        { file, restored: true, ...summary },
        `Restored ${rowsOf(summary)} rows as of ${summary.createdAt}. Devices report once before they get tokens again.`,
      );
    });

  program
    .command('openapi')
    .description('Print the OpenAPI 3.1 document')
    .option('--json', 'print it on one line')
    .action((options: CommonOptions) =>
      withDeps(context, async (deps) => {
        const document = openApiDocument(buildApp(deps, () => false).routes, deps.config.issuer);
        answer(context, options, document, JSON.stringify(document, null, 2));
      }),
    );
}

function rowsOf({ rows }: { rows: Readonly<Record<string, number>> }): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
