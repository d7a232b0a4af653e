import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addAnalyticsCommands } from './analytics-commands.ts';
import { addAuditCommands } from './audit-commands.ts';
import { addBrakeCommands } from './brake-commands.ts';
import { type CliContext, CommandRefused, exitCodes } from './context.ts';
import { addDatabaseCommands } from './database-commands.ts';
import { addDeviceCommands } from './device-commands.ts';
import { tellFailure } from './failure.ts';
import { addFeedCommands } from './feed-commands.ts';
import { addPolicyCommands } from './policy-commands.ts';
import { addRotateKeysCommand } from './rotate-keys-command.ts';
import { addSecondFactorCommands } from './second-factor-commands.ts';
import { addServeCommand } from './serve-command.ts';
import { addTemplateCommands } from './template-commands.ts';
import { addTokenCommands } from './token-commands.ts';
import { addWebhookCommands } from './webhook-commands.ts';

const help = `
Configuration comes from POSTERN_* variables, then the YAML file POSTERN_CONFIG names, then defaults:
  POSTERN_HOST=127.0.0.1  POSTERN_PORT=7420  POSTERN_DATA=./data  POSTERN_DATABASE_URL  POSTERN_ISSUER
  POSTERN_TLS_CERT  POSTERN_TLS_KEY  POSTERN_TRUSTED_PROXIES  POSTERN_LOG=info

Exit codes: 0 done, 1 refused or failing, 2 wrong use, 3 database unreachable; audit verify has further ones.

Examples:
  postern-server serve
  postern-server enrollment-token --owner eve@example.com --json
  postern-server policy test baseline.yaml
  postern-server backup /var/backups/postern.backup`;

/** Runs one command line and returns its exit code. */
export async function runCli(parameters: readonly string[], context: CliContext): Promise<number> {
  const program = new Command('postern-server')
    .description('The Postern backend: judges devices, issues and checks tokens')
    .version(version)
    .addHelpText('after', help);
  addServeCommand(program, context);
  addDatabaseCommands(program, context);
  addAuditCommands(program, context);
  addTokenCommands(program, context);
  addDeviceCommands(program, context);
  addSecondFactorCommands(program, context);
  addRotateKeysCommand(program, context);
  addPolicyCommands(program, context);
  addTemplateCommands(program, context);
  addFeedCommands(program, context);
  addBrakeCommands(program, context);
  addWebhookCommands(program, context);
  addAnalyticsCommands(program, context);
  for (const command of everyCommand(program)) {
    command
      .exitOverride()
      .configureOutput({ writeOut: context.out, writeErr: context.err })
      .showHelpAfterError('(--help says how)');
  }
  try {
    await program.parseAsync(parameters, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
    if (error instanceof CommandRefused) return error.exitCode;
    return tellFailure(context, error, parameters.includes('--json'));
  }
}

/** Settings are not inherited by commands that exist already. */
function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap((each) => everyCommand(each))];
}
