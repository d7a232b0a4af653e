import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Id, idSchema } from '@postern/shared/ids';
import { deviceActions, deviceActionSchema } from '@postern/shared/protocol/admin';
import { type DeviceState, deviceStates } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import { systemActor } from '../audit/event.ts';
import { actOnDevice, type DeviceAction, listDevices, readDeviceFacts } from '../devices/index.ts';
import type { OpenDeps } from '../open-deps.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';

interface ListOptions extends CommonOptions {
  state?: DeviceState;
  search?: string;
}

interface ActOptions extends CommonOptions {
  reason: string;
}

const descriptions: Readonly<Record<DeviceAction, string>> = {
  admit: 'Admit a device that waits',
  suspend: 'Suspend a device: it gets no tokens, and those it has are no longer active',
  resume: 'Let a suspended device go on',
  release: 'End the quarantine of a device; its next report starts a fresh history',
  retire: 'Retire a device for good: its key is never accepted again',
};

/**
 * Commands on devices. They are for whoever has the server's shell, and recorded as done by the system: nobody
 * decides about their own device in the console, and a lone admin has only devices of their own.
 */
export function addDeviceCommands(program: Command, context: CliContext): void {
  const device = program.command('device').description('List devices, and act on them');

  device
    .command('list')
    .description('List devices, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(deviceStates))
    .option('--search <text>', "part of the device's or the owner's name, or a whole id")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  postern-server device list\n  postern-server device list --state pending --json',
    )
    .action((options: ListOptions) =>
      withExisting(context, async (deps) => {
        const items = await everyDevice(deps, options);
        const sentence =
          items.length === 0
            ? options.state === undefined && options.search === undefined
              ? 'There are no devices'
              : 'There are no such devices'
            : items.map(lineOf).join('\n');
        answer(context, options, { items }, sentence);
      }),
    );

  for (const action of deviceActions) {
    device
      .command(action)
      .argument('<id>', 'the device, as list shows it', deviceId)
      .description(descriptions[action])
      .requiredOption('--reason <text>', 'why; it is kept in the audit log', reason)
      .option('--json', 'print JSON')
      .addHelpText('after', `\nExample:\n  postern-server device ${action} dev_0197… --reason "…"`)
      .action((id: Id<'device'>, options: ActOptions) =>
        withExisting(context, async (deps) => {
          await actOnDevice(deps, id, action, { actor: systemActor, reason: options.reason }, deps.clock.now());
          const facts = await readDeviceFacts(deps.store.read, { id });
          if (facts === undefined) throw new Fault('not_found');
          const { state } = facts;
          const quarantined = facts.quarantine !== null;
          answer(
            context,
            options,
            { id, action, state, quarantined },
            `${id} is ${state} now${quarantined ? ', and still in quarantine' : ''}`,
          );
        }),
      );
  }
}

type Listed = Awaited<ReturnType<typeof listDevices>>['items'][number];

const pageSize = 500;

async function everyDevice(deps: OpenDeps, { state, search }: ListOptions): Promise<Listed[]> {
  const items: Listed[] = [];
  const now = deps.clock.now();
  for (let after: string | undefined; ;) {
    const page = await listDevices(deps, { state, q: search, after, limit: pageSize }, now);
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

function lineOf({ id, state, quarantine, status, name, owner, lastSeenAt }: Listed): string {
  const standing = quarantine === null ? status : `in quarantine (${quarantine.cause})`;
  return `${id}  ${state}, ${standing}  ${name} of ${owner.name}, ${lastSeenAt === null ? 'has not reported' : `reported ${lastSeenAt}`}`;
}

function deviceId(text: string): Id<'device'> {
  const parsed = idSchema('device').safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('must be a device id, as postern-server device list shows it.');
  return parsed.data;
}

function reason(text: string): string {
  const parsed = deviceActionSchema.safeParse({ reason: text });
  if (!parsed.success) throw new InvalidArgumentError('must be a text of 1 to 1000 characters.');
  return parsed.data.reason;
}
