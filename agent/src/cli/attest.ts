import { defineCommand, examples, noOptions } from './command.ts';
import { exitCodeOf } from './verdict-exit-code.ts';
import { printJson } from './terminal.ts';
import { verdictTable } from './verdict-table.ts';

export const attestCommand = defineCommand(
  'attest',
  noOptions,
  (command) =>
    command
      .summary('report now, and show the verdict')
      .description(
        'Reads this machine, signs what was read with the device key, sends it, and shows what the policies make of it.',
      )
      .addHelpText(
        'after',
        examples(
          ['postern-agent attest', 'a table of every rule: result, reason, deadline, fix'],
          ['postern-agent attest --json && deploy', 'exit code 1 when the device is blocked'],
        ),
      ),
  async ({ agent, terminal, json, table }) => {
    const { state, answer } = await agent.attest(true);
    if (json) printJson(terminal.stdout, { deviceId: state.device.id, ...answer });
    else terminal.stdout.write(verdictTable(answer.verdict, table));
    return exitCodeOf(answer.verdict);
  },
);
