import { z } from 'zod';
import { idPrefixes } from '@postern/shared/ids';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { Session } from '../backend/session.ts';
import { type CommandFile, defineCommand, examples } from './command.ts';
import { readExceptionId } from './exception-id.ts';
import { sayException } from './exception-lines.ts';
import { printJson } from './terminal.ts';

interface Ending {
  name: string;
  summary: string;
  description: string;
  /** What it comes to, for the example. */
  outcome: string;
  end: (session: Session, id: string, reason: string | undefined) => Promise<ExceptionView>;
}

const optionsSchema = z.object({ reason: z.string().optional() });

/** A command by which a person ends an exception or a request of their own. */
export function exceptionEnding({ name, summary, description, outcome, end }: Ending): CommandFile {
  return defineCommand(
    name,
    optionsSchema,
    (command) =>
      command
        .summary(summary)
        .description(description)
        .argument('<id>', 'of the exception, as postern-agent status names it')
        .option('--reason <text>', 'why, for the record')
        .addHelpText(
          'after',
          examples([`postern-agent ${name} ${idPrefixes.exception}_0197a3f0c2d87b6e9f4c1a2b3c4d5e6f`, outcome]),
        ),
    async ({ agent, terminal, json, say }, { reason }, [id = '']) => {
      const known = readExceptionId(id);
      const exception = await end(await agent.openSession(), known, reason);
      if (json) printJson(terminal.stdout, exception);
      else for (const line of sayException(exception, terminal.clock.now())) say(line);
      return 0;
    },
  );
}
