import { z } from 'zod';
import type { AccessOffer } from '@postern/shared/protocol/access';
import { accessRequestSchema } from '@postern/shared/protocol/exception';
import { listAccess, requestAccess } from '../backend/access.ts';
import { previewRequest } from '../backend/exceptions.ts';
import { addAskingOptions, askingMembers, askingOptions, readWish, showImpact } from './asking.ts';
import { type CommandContext, defineCommand, examples } from './command.ts';
import { sayException } from './exception-lines.ts';
import { UsageError } from './failure.ts';
import { plain } from './plain.ts';
import { type ExitCode, printJson } from './terminal.ts';

const optionsSchema = z.object({
  ...askingOptions,
  for: askingOptions.for.optional(),
  reason: askingOptions.reason.optional(),
  role: z.string().optional(),
});
type Options = z.output<typeof optionsSchema>;

export const accessCommand = defineCommand(
  'access',
  optionsSchema,
  (command) =>
    addAskingOptions(
      command
        .summary('ask for temporary access, or see what you have and may ask for')
        .description(
          'Asks for access to one resource, in one role, for a while, on this device. Without a resource it shows what you have and what you may ask for.',
        )
        .argument('[resource]', 'as its gateway is registered')
        .option('--role <role>', 'what you need to be there'),
      'option',
    ).addHelpText(
      'after',
      examples(
        ['postern-agent access', 'what you have, and what you may ask for'],
        [
          'postern-agent access https://db.example --role read --for 1h --reason "Ticket 4711: see why orders hang"',
          'then get a token: postern-agent token --resource https://db.example',
        ],
      ),
    ),
  async (context, options, [resource]) => {
    if (resource !== undefined) return ask(context, resource, options);
    if (Object.values(options).some((option) => option !== undefined))
      throw new UsageError('Say for which resource: postern-agent access RESOURCE --role … See: postern-agent access');
    return show(context);
  },
);

async function show({ agent, terminal, json, say, paint }: CommandContext): Promise<ExitCode> {
  const { items, offers } = await listAccess(await agent.openSession());
  if (json) {
    printJson(terminal.stdout, { items, offers });
    return 0;
  }
  const now = terminal.clock.now();
  for (const item of items) for (const line of sayException(item, now)) say(line);
  if (items.length === 0) say('You have no temporary access, and have asked for none.');
  say('');
  if (offers.length === 0) say('No resource offers any to you.');
  else say(paint('bold', 'You may ask for'));
  for (const offer of offers) for (const line of sayOffer(offer)) say(line);
  if (offers.length > 0) say('What each takes: postern-agent templates NAME');
  return 0;
}

function sayOffer({ resource, title, roles, templates }: AccessOffer): string[] {
  const named = title === null ? resource : `${resource} (${title})`;
  const ways = templates.map(({ name, title: way, durations, emergency }) => {
    const where = emergency ? '; only in the console, with a passkey' : '';
    return `--template ${name}: ${way}, ${durations.join(', ')}${where}`;
  });
  return [`${named} as ${roles.join(', ')}`, ...ways].map((line, index) => `${index === 0 ? '' : '  '}${plain(line)}`);
}

async function ask(context: CommandContext, resource: string, options: Options): Promise<ExitCode> {
  const { agent, terminal, json, say } = context;
  const { role, for: duration, reason } = options;
  if (role === undefined || duration === undefined || reason === undefined)
    throw new UsageError('To ask for access say --role, --for and --reason. See: postern-agent access --help');
  const asking = askingMembers({ ...options, for: duration, reason });
  const wish = readWish(accessRequestSchema, { resource, role, ...asking });
  const session = await agent.openSession();
  if (options.dryRun === true) return showImpact(context, previewRequest(session, 'access', wish));
  const access = await requestAccess(session, wish);
  if (json) {
    printJson(terminal.stdout, access);
    return 0;
  }
  for (const line of sayException(access, terminal.clock.now())) say(line);
  if (access.state === 'pending') say(`To take it back: postern-agent withdraw ${access.id}`);
  else say(`To end it before its time: postern-agent relinquish ${access.id}`);
  return 0;
}
