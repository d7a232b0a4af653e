import { z } from 'zod';
import { exceptionRequestSchema } from '@postern/shared/protocol/exception';
import { requestException } from '../backend/exceptions.ts';
import { defineCommand, examples } from './command.ts';
import { sayException } from './exception-lines.ts';
import { UsageError } from './failure.ts';
import { printJson } from './terminal.ts';

const optionsSchema = z.object({
  rule: z.array(z.string()),
  for: z.string(),
  reason: z.string(),
  resource: z.array(z.string()).optional(),
  ticket: z.string().optional(),
});

export const requestCommand = defineCommand(
  'request',
  optionsSchema,
  (command) =>
    command
      .summary('ask for an exception from rules that cannot be met now')
      .description(
        'Asks for a time-bound exception from named rules, for you on this device. Somebody else decides; the clock starts when they approve.',
      )
      .requiredOption('--rule <policy/rule...>', 'the rules, as postern-agent status names them')
      .requiredOption('--for <duration>', 'how long: 30m, 8h, 2d')
      .requiredOption('--reason <text>', 'why, in a sentence or two: who decides reads it')
      .option('--resource <resource...>', 'only for these resources')
      .option('--ticket <ticket>', 'where it is tracked')
      .addHelpText(
        'after',
        examples([
          'postern-agent request --rule baseline/disk-encryption --for 8h --reason "New disk comes tomorrow, release is today"',
          'then see: postern-agent status',
        ]),
      ),
  async ({ agent, terminal, json, say }, options) => {
    const parsed = exceptionRequestSchema.safeParse({
      rules: options.rule,
      duration: options.for,
      justification: options.reason,
      ...(options.resource === undefined ? {} : { resources: options.resource }),
      ...(options.ticket === undefined ? {} : { ticket: options.ticket }),
    });
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${optionOf(path[0])}: ${message}`);
      throw new UsageError(faults.join('; '));
    }
    const exception = await requestException(await agent.openSession(), parsed.data);
    if (json) {
      printJson(terminal.stdout, exception);
      return 0;
    }
    for (const line of sayException(exception, terminal.clock.now())) say(line);
    say(`To take it back: postern-agent withdraw ${exception.id}`);
    return 0;
  },
);

const optionNames: Readonly<Record<string, string>> = {
  rules: '--rule',
  duration: '--for',
  justification: '--reason',
  resources: '--resource',
  ticket: '--ticket',
};

function optionOf(member: PropertyKey | undefined): string {
  return optionNames[String(member)] ?? String(member);
}
