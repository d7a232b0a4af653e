import type { Command } from 'commander';
import { isKeyInUse, readLogKey } from '../audit/index.ts';
import { addAuditEraseCommand } from './audit-commands-erase.ts';
import { addAuditExportCommand } from './audit-commands-export.ts';
import { addAuditVerifyCommand } from './audit-commands-verify.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';

/** Commands that look after the audit log. */
export function addAuditCommands(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('Look after the audit log');
  addAuditVerifyCommand(audit, context);
  addAuditExportCommand(audit, context);
  audit
    .command('key')
    .description('Print the key that checkpoints of the audit are checked with (C2SP signed-note)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server audit key > postern-audit.vkey')
    .action((options: CommonOptions) =>
      withExisting(context, async ({ store, config }) => {
        const key = await readLogKey(store.read, config);
        if (!(await isKeyInUse(store.read, key)))
          context.err(
            'The latest checkpoint is signed by another key: the master secret is another one now. What was signed before is verified with the key that was kept; nothing more is signed (docs/audit.md).\n',
          );
        answer(context, options, { key: key.vkey, origin: key.name, chain: key.chainId }, key.vkey);
      }),
    );
  addAuditEraseCommand(audit, context);
}
