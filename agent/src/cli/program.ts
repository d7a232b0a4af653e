import { Command, CommanderError } from 'commander';
import { agentVersion } from '../version.ts';
import { attestCommand } from './attest.ts';
import { checkCommand } from './check.ts';
import { doctorCommand } from './doctor.ts';
import { enrollCommand } from './enroll.ts';
import { forgetCommand } from './forget.ts';
import { relinquishCommand } from './relinquish.ts';
import { requestCommand } from './request.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { tokenCommand } from './token.ts';
import { withdrawCommand } from './withdraw.ts';

const commands = [
  enrollCommand,
  checkCommand,
  attestCommand,
  statusCommand,
  tokenCommand,
  requestCommand,
  relinquishCommand,
  withdrawCommand,
  runCommand,
  doctorCommand,
  forgetCommand,
];

const epilogue = `
Exit codes: 0 done, 1 refused or failing, 2 wrong use, 3 backend unreachable.

Environment:
  POSTERN_AGENT_DATA              folder for the device key and the state
  POSTERN_AGENT_CA                file (PEM): believe only backends that these authorities vouch for
  POSTERN_AGENT_ENROLLMENT_TOKEN  one-time token for enroll
  NO_COLOR                        no colours

Begin with:
  $ postern-agent check
      what this machine would report, without reporting it
  $ postern-agent enroll https://postern.example.com
      enroll it; then attest, status, run`;

/** Runs the command line. @param argv without program and script */
export async function runProgram(terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0;
  const end = (ended: ExitCode) => {
    code = ended;
  };
  const configure = (command: Command) =>
    command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => terminal.stdout.write(text),
        writeErr: (text) => terminal.stderr.write(text),
        getOutHelpWidth: () => terminal.stdout.columns,
        getErrHelpWidth: () => terminal.stderr.columns,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
      .showHelpAfterError('(postern-agent help lists the commands, and --help after one explains it)');
  const program = configure(new Command('postern-agent'))
    .description('Reports the posture of this device to a Postern and gets access tokens bound to its key.')
    .version(agentVersion)
    .addHelpText('after', epilogue);
  for (const command of commands) program.addCommand(configure(command(terminal, end)));
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
}
