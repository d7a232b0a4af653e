import { Command, CommanderError } from 'commander';
import { agentVersion } from '../version.ts';
import type { CommandFile } from './command.ts';
import { plain } from './plain.ts';
import { type ExitCode, printJson, type Terminal } from './terminal.ts';

/** Loaded when they are asked for: a daemon keeps for life what it has loaded, and `token` is asked for often. */
const commands: Readonly<Record<string, () => Promise<CommandFile>>> = {
  enroll: async () => (await import('./enroll.ts')).enrollCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  attest: async () => (await import('./attest.ts')).attestCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  token: async () => (await import('./token.ts')).tokenCommand,
  access: async () => (await import('./access.ts')).accessCommand,
  templates: async () => (await import('./templates.ts')).templatesCommand,
  request: async () => (await import('./request.ts')).requestCommand,
  extend: async () => (await import('./extend.ts')).extendCommand,
  relinquish: async () => (await import('./relinquish.ts')).relinquishCommand,
  withdraw: async () => (await import('./withdraw.ts')).withdrawCommand,
  notices: async () => (await import('./notices.ts')).noticesCommand,
  run: async () => (await import('./run.ts')).runCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  forget: async () => (await import('./forget.ts')).forgetCommand,
};

/** The command that is named, or all of them where none is: for the help, and to guess what was meant. */
function commandsFor(name: string | undefined): Promise<CommandFile[]> {
  const named = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  return Promise.all((named === undefined ? Object.values(commands) : [named]).map((load) => load()));
}

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
      enroll it; then attest, status, run
  $ postern-agent templates
      when and how you may depart from a rule, or get access for a while`;

/** Runs the command line. @param argv without program and script */
export async function runProgram(terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0;
  // Known before the command line is understood: who asked for a document gets one also when it is not.
  const optionsEnd = argv.indexOf('--');
  const json = argv.slice(0, optionsEnd < 0 ? argv.length : optionsEnd).includes('--json');
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
  for (const command of await commandsFor(argv[0])) program.addCommand(configure(command(terminal, end)));
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (json) {
      const sentence = plain(error.message.replace(/^error: /, ''));
      printJson(terminal.stdout, { error: 'wrong_use', error_code: 'wrong_use', error_description: sentence });
    }
    return 2;
  }
  return code;
}
