import { z } from 'zod';
import type { TokenAnswer } from '@postern/shared/protocol/token';
import { parseDuration } from '@postern/shared/time';
import { type ApplicationRequest, headersFor } from '../backend/application-request.ts';
import { BackendRefusal } from '../backend/faults.ts';
import { requestToken, type TokenWish } from '../backend/token.ts';
import type { Session } from '../backend/session.ts';
import { type CommandContext, defineCommand, examples } from './command.ts';
import { UsageError } from './failure.ts';
import { printJson } from './terminal.ts';

const optionsSchema = z.object({
  resource: z.string(),
  acrValues: z.string().optional(),
  maxAge: z.string().optional(),
  url: z.string().optional(),
  method: z.string().optional(),
  nonce: z.string().optional(),
  quiet: z.boolean().optional(),
});

interface Granted {
  session: Session;
  answer: TokenAnswer;
}

/** RFC 9470 section 3: what may stand in `acr_values` of a challenge. */
const acrValuesPattern = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** RFC 9449 section 8.1: what a nonce may consist of. */
const noncePattern = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

export const tokenCommand = defineCommand(
  'token',
  optionsSchema,
  (command) =>
    command
      .summary('get an access token for a resource')
      .description(
        'Prints an access token for one resource, bound to the device key, and nothing else on standard output. A refusal says on standard error what stands in the way. Where a gateway asked for more (acr_values, max_age), this machine is looked at anew when the last report does not do. An application wants a proof with it, for each request anew: with --url the two headers of one request are printed instead, as curl -H @- reads them.',
      )
      .requiredOption('--resource <resource>', 'what the token is for, as its gateway is registered')
      .option('--acr-values <classes>', 'one of these must be reached: acr_values of a challenge (RFC 9470)')
      .option('--max-age <duration>', 'the report it rests on may be no older, e.g. 5m: max_age of a challenge')
      .option('--url <url>', 'print the headers of a request to this address: Authorization, and DPoP with its proof')
      .option('--method <method>', 'what that request does (default: GET)')
      .option('--nonce <nonce>', 'DPoP-Nonce of the last answer from there; the first refusal brings one')
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
          [
            'postern-agent token --resource https://demo.example --url https://demo.example/things --nonce "$NONCE" | curl -i -H @- https://demo.example/things',
            'a request to the application; the token is on no command line',
          ],
        ),
      ),
  async (context, { resource, acrValues, maxAge, quiet, ...rest }) => {
    const { terminal, json, say } = context;
    if (acrValues !== undefined && !acrValuesPattern.test(acrValues))
      throw new UsageError('--acr-values: must be the classes of a challenge, separated by one space');
    const maxAgeMs = maxAge === undefined ? undefined : parseDuration(maxAge);
    if (maxAge !== undefined && maxAgeMs === undefined)
      throw new UsageError('--max-age: must be a duration such as 5m or 1h');
    const request = requestOf(rest);
    const { session, answer } = await tokenFor(context, { resource, acrValues, maxAgeMs });
    if (quiet === true) return 0;
    const headers = request && (await headersFor(session, request, answer.access_token, terminal.random));
    if (json) printJson(terminal.stdout, { ...answer, resource, ...(headers === undefined ? {} : { headers }) });
    else if (headers === undefined) say(answer.access_token);
    else say(`Authorization: ${headers.authorization}\nDPoP: ${headers.dpop}`);
    return 0;
  },
);

/** What --url, --method and --nonce name, if anything. */
function requestOf(options: Partial<z.output<typeof optionsSchema>>): ApplicationRequest | undefined {
  const { url, method = 'GET' } = options;
  // As `$(curl …)` leaves it: with the carriage return of the header's line, and empty where an answer had none.
  const nonce = options.nonce?.trim() === '' ? undefined : options.nonce?.trim();
  if (url === undefined) {
    if (options.method === undefined && options.nonce === undefined) return undefined;
    throw new UsageError('--method and --nonce belong to a request: name its address with --url');
  }
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol) || address.username + address.password !== '')
    throw new UsageError('--url: must be the address of the request, such as https://app.example/things');
  if (!/^[A-Za-z-]{1,16}$/.test(method)) throw new UsageError('--method: must be a method of HTTP, such as POST');
  if (nonce !== undefined && !noncePattern.test(nonce))
    throw new UsageError('--nonce: must be the DPoP-Nonce of an answer, as it stands there');
  return { method: method.toUpperCase(), url: address.origin + address.pathname, nonce };
}

/** Reports anew, once, when what the backend has of this machine is too old or too little for the wish. */
async function tokenFor({ agent, terminal }: CommandContext, wish: TokenWish): Promise<Granted> {
  const means = { random: terminal.random, attestations: agent.attestations };
  const ask = async () => {
    const session = await agent.openSession();
    return { session, answer: await requestToken(session, wish, means) };
  };
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof BackendRefusal && error.code === 'authentication_requirements_unmet')) throw error;
    await agent.attest(true);
    return ask();
  }
}
