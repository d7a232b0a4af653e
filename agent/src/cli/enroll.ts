import { z } from 'zod';
import { enroll, type Grant } from '../backend/enroll.ts';
import { parseServerUrl } from '../backend/server-url.ts';
import { humanLine } from '@postern/shared/text';
import { agentVersion } from '../version.ts';
import { type CommandContext, defineCommand, examples } from './command.ts';
import { LocalRefusal, UsageError } from './failure.ts';
import { plain } from './plain.ts';
import { printJson, safeJson } from './terminal.ts';

const nameSchema = humanLine({ max: 128 });

const optionsSchema = z.object({
  token: z.string().optional(),
  name: z.string().optional(),
  issuer: z.string().optional(),
  insecureHttp: z.boolean().optional(),
});

export const enrollCommand = defineCommand(
  'enroll',
  optionsSchema,
  (command) =>
    command
      .summary('make this machine a device of a Postern')
      .description(
        'Makes a device key and enrolls this machine: with a one-time token from an admin, or (without one) by a code that you approve in the console.',
      )
      .argument('<url>', 'address of the backend')
      .option(
        '--token <token>',
        'one-time enrollment token; "-" reads it from standard input, where nobody else on this machine sees it',
      )
      .option('--name <name>', 'what people call this machine (default: its host name)')
      .option('--issuer <issuer>', 'what the backend calls itself, where that is not its address')
      .option('--insecure-http', 'accept plain http to another machine')
      .addHelpText(
        'after',
        examples(
          ['postern-agent enroll https://postern.example.com', 'shows a code; approve it where you are signed in'],
          [
            'postern-agent enroll https://postern.example.com --token - < token.txt',
            'with a token; not in the list of processes',
          ],
        ),
      ),
  async (context, options, [address = '']) => {
    const { agent, say, warn, json, terminal } = context;
    const insecureHttp = options.insecureHttp === true;
    const url = parseServerUrl(address, insecureHttp);
    const deviceName = nameOf(context, options.name);
    const grant = await grantOf(context, options.token);
    if (insecureHttp) warn('Warning: plain http. Whoever is on the way to the backend can answer in its place.');

    const lock = await agent.lock('state');
    try {
      await refuseWhenEnrolled(context);
      const state = await enroll(
        {
          backend: await agent.connect(url, null),
          providers: agent.providers,
          timer: terminal.timer,
          save: (enrolled) => agent.store.save(enrolled),
        },
        {
          grant,
          deviceName,
          platform: terminal.machine.platform,
          agentVersion,
          expectedIssuer: options.issuer,
          insecureHttp,
        },
      );
      const { device, server, key } = state;
      if (json) {
        printJson(terminal.stdout, {
          deviceId: device.id,
          name: device.name,
          state: device.state,
          owner: device.owner,
          server: server.url,
          issuer: server.issuer,
          keyProvider: key.provider,
          keyProtection: device.keyProtection,
          keyThumbprint: key.thumbprint,
        });
        return 0;
      }
      say(`${plain(device.name)} is enrolled at ${server.issuer} as ${device.id}, for ${plain(device.owner.name)}.`);
      say(`Its key is with the provider "${key.provider}" (${device.keyProtection}) in ${agent.dataFolder}`);
      say(
        device.state === 'pending'
          ? 'An admin must admit it before it can report. Then: postern-agent attest'
          : 'Next: postern-agent attest reports now; postern-agent run keeps reporting.',
      );
      return 0;
    } finally {
      await lock.release();
    }
  },
);

function nameOf({ terminal }: CommandContext, wished: string | undefined): string {
  const parsed = nameSchema.safeParse(wished ?? (plain(terminal.machine.hostName).slice(0, 128) || 'unnamed'));
  if (!parsed.success) throw new UsageError('--name must be one line of 1 to 128 characters.');
  return parsed.data;
}

async function grantOf({ terminal, json }: CommandContext, option: string | undefined): Promise<Grant> {
  const given =
    option === '-' ? await terminal.readInput() : (option ?? terminal.env['POSTERN_AGENT_ENROLLMENT_TOKEN']);
  const token = given?.trim();
  if (token !== undefined && (token !== '' || option !== undefined)) {
    if (token.length < 16 || token.length > 256)
      throw new UsageError('That is not an enrollment token. Ask an admin for one.');
    return { kind: 'token', token };
  }
  return {
    kind: 'device-flow',
    // On stderr in either form: stdout is for the result.
    show: ({ user_code, verification_uri, verification_uri_complete, expires_in }) => {
      const event = {
        event: 'approval_needed',
        user_code: plain(user_code),
        verification_uri: plain(verification_uri),
        verification_uri_complete: plain(verification_uri_complete),
        expires_in,
      };
      if (json) {
        terminal.stderr.write(`${safeJson(event)}\n`);
        return;
      }
      terminal.stderr.write(
        [
          `Open ${event.verification_uri} where you are signed in, and enter the code ${event.user_code}`,
          `or open ${event.verification_uri_complete} and compare the code.`,
          `Waiting for the approval, for ${Math.ceil(expires_in / 60)} minutes at most …`,
          '',
        ].join('\n'),
      );
    },
  };
}

async function refuseWhenEnrolled({ agent }: CommandContext): Promise<void> {
  const state = await agent.store.load();
  if (state === undefined) return;
  throw new LocalRefusal(
    'already_enrolled',
    `This machine is enrolled at ${state.server.issuer} as ${state.device.id} already. To see it: postern-agent status. To enroll it anew: postern-agent forget --yes, then enroll.`,
  );
}
