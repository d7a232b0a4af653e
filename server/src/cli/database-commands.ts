import type { Command } from 'commander';
import { systemClock } from '@postern/shared/time';
import { buildApp, openApiDocument } from '../app.ts';
import { readChain, verifyChain } from '../audit/index.ts';
import { backup, inspect, migrate, restore } from '../storage/index.ts';
import { answer, type CliContext, CommandRefused, type CommonOptions, configOf, withDeps } from './context.ts';

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
      const summary = await restore(databaseUrl, file, { now: systemClock.now(), replace: options.replace ?? false });
      answer(
        context,
        options,
        { file, restored: true, ...summary },
        `Restored ${rowsOf(summary)} rows as of ${summary.createdAt}.`,
      );
    });

  const audit = program.command('audit').description('Look after the audit log');
  audit
    .command('verify')
    .description('Read the whole audit chain and tell whether an entry was altered, removed or put in')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server audit verify --json')
    .action((options: CommonOptions) =>
      withDeps(context, async ({ store }) => {
        const chainId = await store.read
          .selectFrom('meta')
          .select('value')
          .where('key', '=', 'chain_id')
          .executeTakeFirst();
        const verdict = await verifyChain(
          readChain(store.read),
          chainId === undefined ? {} : { chainId: chainId.value },
        );
        const isIntact = verdict.outcome === 'intact';
        answer(
          context,
          options,
          verdict,
          isIntact
            ? `The audit log is whole: ${verdict.count} entries, the last with hash ${verdict.head.hash}`
            : `The audit log is NOT whole: ${verdict.outcome} at entry ${verdict.seq}`,
        );
        if (!isIntact) throw new CommandRefused();
      }),
    );

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
