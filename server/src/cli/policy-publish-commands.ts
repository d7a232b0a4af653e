import { type Command, InvalidArgumentError } from 'commander';
import { Fault } from '@postern/shared/protocol/errors';
import { policyRetirementSchema } from '@postern/shared/protocol/policy-draft';
import { systemActor } from '../audit/event.ts';
import type { OpenDeps } from '../open-deps.ts';
import { publishPolicy, readPolicyDocument, retirePolicy } from '../policy/index.ts';
import { answer, type CliContext, CommandRefused, type CommonOptions, withExisting } from './context.ts';
import { readNamedFile } from './named-file.ts';
import { planPolicy, type PolicyPlan, sayPlan } from './policy-plan.ts';

interface ChangeOptions extends CommonOptions {
  dryRun?: boolean;
  yes?: boolean;
}

const shellNote =
  '\nFor whoever has the shell of the server: nobody else approves it, and the audit log marks it as done from the command line.\n';

/** Commands that put policies into force and take them out of it. */
export function addPolicyPublishCommands(policy: Command, context: CliContext): void {
  changing(policy.command('publish').argument('<file>', 'YAML document'))
    .description('Publish a policy document as the next version of its policy')
    .option('--note <text>', 'why; it is shown beside the version', reason)
    .addHelpText(
      'after',
      `${shellNote}\nExamples:\n  postern-server policy publish baseline.yaml --dry-run\n  postern-server policy publish baseline.yaml --note "Firewalls from May on" --yes`,
    )
    .action(async (file: string, options: ChangeOptions & { note?: string }) => {
      const text = await readNamedFile(file);
      const { policy: name } = readPolicyDocument(text);
      await withExisting(context, (deps) =>
        publish(deps, { name, text, note: options.note ?? null }, options, context),
      );
    });

  changing(policy.command('rollback').argument('<policy>', 'its name').argument('<version>', 'an earlier one', version))
    .description('Publish the document of an earlier version again, as the next version')
    .requiredOption('--reason <text>', 'why; it is shown beside the version', reason)
    .addHelpText(
      'after',
      `${shellNote}\nExample:\n  postern-server policy rollback baseline 3 --reason "Version 4 locked everybody out"`,
    )
    .action((name: string, number: number, options: ChangeOptions & { reason: string }) =>
      withExisting(context, async (deps) => {
        const text = await textOfVersion(deps, name, number);
        await publish(deps, { name, text, note: options.reason }, options, context);
      }),
    );

  changing(policy.command('retire').argument('<policy>', 'its name'))
    .description('Take a policy out of force; a device that no policy concerns gets no tokens')
    .requiredOption('--reason <text>', 'why; it is kept in the audit log', reason)
    .addHelpText(
      'after',
      `${shellNote}\nExample:\n  postern-server policy retire laptops --reason "There are no laptops any more"`,
    )
    .action((name: string, options: ChangeOptions & { reason: string }) =>
      withExisting(context, async (deps) => {
        const plan = await planPolicy(deps, name, null, deps.clock.now());
        if (!agreed(plan, options, context)) return;
        await retirePolicy(deps.store, name, systemActor, deps.clock.now(), { note: options.reason });
        answer(context, options, { policy: name, retired: plan.inForce }, `${name} is out of force`);
      }),
    );
}

function changing(command: Command): Command {
  return command
    .option('--dry-run', 'only tell what would change')
    .option('--yes', 'also when exceptions that are in force would end')
    .option('--json', 'print JSON');
}

async function publish(
  deps: OpenDeps,
  wish: { name: string; text: string; note: string | null },
  options: ChangeOptions,
  context: CliContext,
): Promise<void> {
  const { name, text, note } = wish;
  const plan = await planPolicy(deps, name, text, deps.clock.now());
  if (!agreed(plan, options, context)) return;
  const { version: number } = await publishPolicy(deps.store, text, systemActor, deps.clock.now(), { note });
  const { changes, exceptions } = plan;
  answer(
    context,
    options,
    { policy: name, version: number, changes, exceptionsEnding: exceptions },
    `Published version ${number} of ${name}`,
  );
}

/** Tells what changes before it does. False: that was all that was asked for. */
function agreed(plan: PolicyPlan, options: ChangeOptions, context: CliContext): boolean {
  const { exceptions } = plan;
  if (options.dryRun === true) {
    answer(context, options, { ...plan, dryRun: true }, sayPlan(plan));
    return false;
  }
  if (!plan.unchanged && options.json !== true) context.out(`${sayPlan(plan)}\n`);
  if (plan.unchanged || exceptions.length === 0 || options.yes === true) return true;
  const what = exceptions.length === 1 ? 'One exception' : `${exceptions.length} exceptions`;
  const sentence = `${what} in force would end. Nothing was changed; with --yes it is.`;
  if (options.json === true)
    context.out(`${JSON.stringify({ ...plan, error: 'needs_yes', error_description: sentence })}\n`);
  context.err(`${sentence}\n`);
  throw new CommandRefused();
}

async function textOfVersion({ store }: OpenDeps, name: string, number: number): Promise<string> {
  const row = await store.read
    .selectFrom('policies')
    .select('document')
    .where('name', '=', name)
    .where('version', '=', number)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('policy_version_unknown');
  return row.document;
}

function version(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a version.');
  return Number(text);
}

function reason(text: string): string {
  const parsed = policyRetirementSchema.safeParse({ reason: text });
  if (!parsed.success) throw new InvalidArgumentError('It must be a text of 1 to 1000 characters.');
  return parsed.data.reason;
}
