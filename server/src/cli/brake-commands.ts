import { type Command, InvalidArgumentError } from 'commander';
import { findCheck } from '@postern/shared/checks/catalogue';
import { type Id, idSchema } from '@postern/shared/ids';
import { brakeReleaseSchema } from '@postern/shared/protocol/brake';
import type { BrakeView } from '@postern/shared/protocol/brake';
import { fromTimestamp, sayDuration } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import { listBrakes, releaseBrake } from '../brakes/index.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';

interface ReleaseOptions extends CommonOptions {
  reason: string;
}

const shown = 100;

/** Commands on the regression brake (docs/regression-brake.md). What is decided here is recorded as done by the system. */
export function addBrakeCommands(program: Command, context: CliContext): void {
  const brake = program
    .command('brake')
    .description('List and release regression brakes: checks that failed on many devices of one build at once');

  brake
    .command('list')
    .description('List them, newest first: what is held back, until when, and on how many devices')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server brake list')
    .action((options: CommonOptions) =>
      withExisting(context, async ({ store, clock }) => {
        const now = clock.now();
        const { items } = await listBrakes(store.read, { limit: shown }, now);
        const lines = items.map((item) => lineOf(item, now));
        answer(context, options, { items }, lines.length === 0 ? 'There are no brakes' : lines.join('\n'));
      }),
    );

  brake
    .command('release')
    .argument('<id>', 'the brake, as list shows it', brakeId)
    .description('The readings are right: judge the devices by them from now on')
    .requiredOption('--reason <text>', 'why; it is kept in the audit log', reason)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server brake release brk_0197… --reason "The firewall is really off"')
    .action((id: Id<'brake'>, options: ReleaseOptions) =>
      withExisting(context, async ({ store, clock }) => {
        await releaseBrake({ store }, id, { actor: systemActor, reason: options.reason }, clock.now());
        answer(context, options, { id, state: 'released' }, `${id} holds nothing any more`);
      }),
    );
}

function lineOf(
  { id, check, platform, build, state, devices, devicesOfBuild, endsAt }: BrakeView,
  now: number,
): string {
  const left = fromTimestamp(endsAt) - now;
  const until = state === 'holding' ? `holding for ${sayDuration(left)} more` : state;
  const title = findCheck(check)?.title ?? check;
  return `${id}  ${until}  ${title} on ${platform} ${build}, ${devices} of ${devicesOfBuild} devices`;
}

function brakeId(text: string): Id<'brake'> {
  const id = idSchema('brake').safeParse(text);
  if (!id.success) throw new InvalidArgumentError('It is no id of a brake: they look like brk_ and 32 digits.');
  return id.data;
}

function reason(text: string): string {
  const parsed = brakeReleaseSchema.shape.reason.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('It must be 1 to 1000 characters of plain text.');
  return parsed.data;
}
