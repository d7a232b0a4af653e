import { z } from 'zod';
import { requestToken } from '../backend/token.ts';
import { defineCommand, examples } from './command.ts';
import { printJson } from './terminal.ts';

const optionsSchema = z.object({ resource: z.string(), quiet: z.boolean().optional() });

export const tokenCommand = defineCommand(
  'token',
  optionsSchema,
  (command) =>
    command
      .summary('get an access token for a resource')
      .description(
        'Prints an access token for one resource, bound to the device key, and nothing else on standard output. A refusal says on standard error what stands in the way.',
      )
      .requiredOption('--resource <resource>', 'what the token is for, as its gateway is registered')
      .option('--quiet', 'say by the exit code alone that it was granted; a refusal is still explained')
      .addHelpText(
        'after',
        examples(
          ['postern-agent token --resource https://demo.example', 'the token alone'],
          [
            'postern-agent token --resource https://demo.example --json',
            'with its type and life; a refusal with failed_checks',
          ],
        ),
      ),
  async ({ agent, terminal, json, say }, { resource, quiet }) => {
    const answer = await requestToken(await agent.openSession(), resource, terminal.random);
    if (quiet === true) return 0;
    if (json) printJson(terminal.stdout, { ...answer, resource });
    else say(answer.access_token);
    return 0;
  },
);
