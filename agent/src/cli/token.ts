import { z } from 'zod';
import type { TokenAnswer } from '@postern/shared/protocol/token';
import { parseDuration } from '@postern/shared/time';
import { BackendRefusal } from '../backend/faults.ts';
import { requestToken, type TokenWish } from '../backend/token.ts';
import { type CommandContext, defineCommand, examples } from './command.ts';
import { UsageError } from './failure.ts';
import { printJson } from './terminal.ts';

const optionsSchema = z.object({
  resource: z.string(),
  acrValues: z.string().optional(),
  maxAge: z.string().optional(),
  quiet: z.boolean().optional(),
});

/** RFC 9470 section 3: what may stand in `acr_values` of a challenge. */
const acrValuesPattern = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

export const tokenCommand = defineCommand(
  'token',
  optionsSchema,
  (command) =>
    command
      .summary('get an access token for a resource')
      .description(
        'Prints an access token for one resource, bound to the device key, and nothing else on standard output. A refusal says on standard error what stands in the way. Where a gateway asked for more (acr_values, max_age), this machine is looked at anew when the last report does not do.',
      )
      .requiredOption('--resource <resource>', 'what the token is for, as its gateway is registered')
      .option('--acr-values <classes>', 'one of these must be reached: acr_values of a challenge (RFC 9470)')
      .option('--max-age <duration>', 'the report it rests on may be no older, e.g. 5m: max_age of a challenge')
      .option('--quiet', 'say by the exit code alone that it was granted; a refusal is still explained')
      .addHelpText(
        'after',
        examples(
          ['postern-agent token --resource https://demo.example', 'the token alone'],
          [
            'postern-agent token --resource https://demo.example --json',
            'with its type and life; a refusal with failed_checks',
          ],
          ['postern-agent token --resource https://demo.example --max-age 1m', 'resting on what this machine is now'],
        ),
      ),
  async (context, { resource, acrValues, maxAge, quiet }) => {
    const { terminal, json, say } = context;
    if (acrValues !== undefined && !acrValuesPattern.test(acrValues))
      throw new UsageError('--acr-values: must be the classes of a challenge, separated by one space');
    const maxAgeMs = maxAge === undefined ? undefined : parseDuration(maxAge);
    if (maxAge !== undefined && maxAgeMs === undefined)
      throw new UsageError('--max-age: must be a duration such as 5m or 1h');
    const answer = await tokenFor(context, { resource, acrValues, maxAgeMs });
    if (quiet === true) return 0;
    if (json) printJson(terminal.stdout, { ...answer, resource });
    else say(answer.access_token);
    return 0;
  },
);

/** Reports anew, once, when what the backend has of this machine is too old or too little for the wish. */
async function tokenFor({ agent, terminal }: CommandContext, wish: TokenWish): Promise<TokenAnswer> {
  const means = { random: terminal.random, attestations: agent.attestations };
  try {
    return await requestToken(await agent.openSession(), wish, means);
  } catch (error) {
    if (!(error instanceof BackendRefusal && error.code === 'authentication_requirements_unmet')) throw error;
    await agent.attest(true);
    return requestToken(await agent.openSession(), wish, means);
  }
}
