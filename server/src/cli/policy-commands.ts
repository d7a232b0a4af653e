import { type Command, Option } from 'commander';
import {
  type PolicyDraftState,
  policyDraftStates,
  type PolicyDraftSummary,
} from '@postern/shared/protocol/policy-draft';
import { listDrafts, readPolicyDocument } from '../policy/index.ts';
import type { OpenDeps } from '../open-deps.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';
import { readNamedFile } from './named-file.ts';
import { addPolicyPublishCommands } from './policy-publish-commands.ts';
import { addPolicyReplayCommand } from './policy-replay-command.ts';
import { addPolicySchemaCommand } from './policy-schema-command.ts';

/** Commands on policy documents. `test` and `schema` need neither database nor configuration. */
export function addPolicyCommands(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('Test, try and publish device policies');
  addTest(policy, context);
  addPolicySchemaCommand(policy, context);
  addPolicyReplayCommand(policy, context);
  addPolicyPublishCommands(policy, context);
  addDrafts(policy, context);
}

function addTest(policy: Command, context: CliContext): void {
  policy
    .command('test')
    .argument('<file>', 'YAML document')
    .description('Check a policy document and tell every fault with its line')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server policy test baseline.yaml')
    .action(async (file: string, options: CommonOptions) => {
      const document = readPolicyDocument(await readNamedFile(file));
      const { policy: name, rules } = document;
      answer(
        context,
        options,
        { valid: true, policy: name, rules: rules.length },
        `${file}: ${name} is valid, with ${rules.length === 1 ? 'one rule' : `${rules.length} rules`}`,
      );
    });
}

function addDrafts(policy: Command, context: CliContext): void {
  policy
    .command('drafts')
    .description('List the drafts that nobody has decided on, newest first')
    .addOption(new Option('--state <state>', 'only those in this state, decided ones too').choices(policyDraftStates))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nDrafts are written and approved over the API (docs/policies.md).\n\nExamples:\n  postern-server policy drafts\n  postern-server policy drafts --state published --json',
    )
    .action((options: CommonOptions & { state?: PolicyDraftState }) =>
      withExisting(context, async (deps) => {
        const items = await everyDraft(deps, options.state);
        const sentence = items.length === 0 ? nothing(options.state) : items.map(lineOf).join('\n');
        answer(context, options, { items }, sentence);
      }),
    );
}

function nothing(state: PolicyDraftState | undefined): string {
  return state === undefined ? 'No draft waits' : `There are no drafts in the state ${state}`;
}

const pageSize = 500;

async function everyDraft({ store }: OpenDeps, state: PolicyDraftState | undefined): Promise<PolicyDraftSummary[]> {
  const items: PolicyDraftSummary[] = [];
  for (let before: string | undefined; ;) {
    const page = await listDrafts(store, { state, before, limit: pageSize });
    items.push(...page.filter((each) => state !== undefined || each.decidedAt === null));
    before = page.at(-1)?.id;
    if (page.length < pageSize) return items;
  }
}

function lineOf({ id, action, policy, state, outdated, editedBy, editedAt }: PolicyDraftSummary): string {
  const what = `${action === 'retire' ? 'retirement of ' : ''}${policy ?? 'a policy that is not named yet'}`;
  return `${id}  ${state}${outdated ? ', outdated' : ''}  ${what}, by ${editedBy.name}, ${editedAt}`;
}
