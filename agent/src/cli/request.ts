import { z } from 'zod';
import { exceptionRequestSchema } from '@postern/shared/protocol/exception';
import { requestException } from '../backend/exceptions.ts';
import { addAskingOptions, askingMembers, askingOptions, readWish } from './asking.ts';
import { defineCommand, examples } from './command.ts';
import { sayException } from './exception-lines.ts';
import { printJson } from './terminal.ts';

const optionsSchema = z.object({
  ...askingOptions,
  rule: z.array(z.string()),
  resource: z.array(z.string()).optional(),
});

export const requestCommand = defineCommand(
  'request',
  optionsSchema,
  (command) =>
    addAskingOptions(
      command
        .summary('ask for an exception from rules that cannot be met now')
        .description(
          'Asks for a time-bound exception from named rules, for you on this device. Somebody else decides; the clock starts when they approve.',
        )
        .requiredOption('--rule <policy/rule...>', 'the rules, as postern-agent status names them')
        .option('--resource <resource...>', 'only for these resources'),
    ).addHelpText(
      'after',
      examples([
        'postern-agent request --rule baseline/disk-encryption --for 8h --reason "New disk comes tomorrow, release is today"',
        'then see: postern-agent status',
      ]),
    ),
  async ({ agent, terminal, json, say }, options) => {
    const wish = readWish(exceptionRequestSchema, {
      rules: options.rule,
      ...(options.resource === undefined ? {} : { resources: options.resource }),
      ...askingMembers(options),
    });
    const exception = await requestException(await agent.openSession(), wish);
    if (json) {
      printJson(terminal.stdout, exception);
      return 0;
    }
    for (const line of sayException(exception, terminal.clock.now())) say(line);
    if (exception.state === 'pending') say(`To take it back: postern-agent withdraw ${exception.id}`);
    return 0;
  },
);
