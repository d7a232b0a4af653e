import { z } from 'zod';
import { idPrefixes } from '@postern/shared/ids';
import { exceptionExtensionSchema } from '@postern/shared/protocol/exception';
import { extendException } from '../backend/exceptions.ts';
import { askingMembers, askingOptions, readWish } from './asking.ts';
import { defineCommand, examples } from './command.ts';
import { readExceptionId } from './exception-id.ts';
import { sayException } from './exception-lines.ts';
import { printJson } from './terminal.ts';

const { for: duration, reason, code } = askingOptions;
const optionsSchema = z.object({ for: duration, reason, code });

export const extendCommand = defineCommand(
  'extend',
  optionsSchema,
  (command) =>
    command
      .summary('ask for more time for what you have')
      .description(
        'Asks for more time for an exception or temporary access in force, for the same and nothing else. It needs the same approvals again; what is in force stays until then.',
      )
      .argument('<id>', 'of what you have, as postern-agent status or access names it')
      .requiredOption('--for <duration>', 'how long, counted from the approval: 30m, 8h, 2d')
      .requiredOption('--reason <text>', 'why, in a sentence or two: who decides reads it')
      .option('--code <digits>', 'the code of your authenticator app, where one is asked for')
      .addHelpText(
        'after',
        examples([
          `postern-agent extend ${idPrefixes.exception}_0197a3f0c2d87b6e9f4c1a2b3c4d5e6f --for 8h --reason "The disk comes on Thursday"`,
          'it replaces the first one when it is approved',
        ]),
      ),
  async ({ agent, terminal, json, say }, options, [id = '']) => {
    const wish = readWish(exceptionExtensionSchema, askingMembers(options));
    const known = readExceptionId(id);
    const exception = await extendException(await agent.openSession(), known, wish);
    if (json) {
      printJson(terminal.stdout, exception);
      return 0;
    }
    for (const line of sayException(exception, terminal.clock.now())) say(line);
    if (exception.state === 'pending') say(`To take it back: postern-agent withdraw ${exception.id}`);
    return 0;
  },
);
