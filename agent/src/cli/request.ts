import { z } from 'zod';
import { exceptionRequestSchema } from '@postern/shared/protocol/exception';
import { previewRequest, requestException } from '../backend/exceptions.ts';
import { addAskingOptions, askingMembers, askingOptions, readWish, showImpact } from './asking.ts';
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
        'then see: postern-agent status; before it, what it would mean: the same with --dry-run',
      ]),
    ),
  async (context, options) => {
    const { agent, terminal, json, say } = context;
    const wish = readWish(exceptionRequestSchema, {
      rules: options.rule,
      ...(options.resource === undefined ? {} : { resources: options.resource }),
      ...askingMembers(options),
    });
    const session = await agent.openSession();
    if (options.dryRun === true) return showImpact(context, previewRequest(session, 'exceptions', wish));
    const exception = await requestException(session, wish);
    if (json) {
      printJson(terminal.stdout, exception);
      return 0;
    }
    for (const line of sayException(exception, terminal.clock.now())) say(line);
    if (exception.state === 'pending') say(`To take it back: postern-agent withdraw ${exception.id}`);
    return 0;
  },
);
