import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Fault } from '@postern/shared/protocol/errors';
import { systemActor } from '../audit/event.ts';
import { publishPolicy, readPolicyDocument } from '../policy/index.ts';
import { answer, type CliContext, type CommonOptions, withDeps } from './context.ts';

/** Commands on policy documents. `test` needs neither database nor configuration. */
export function addPolicyCommands(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('Test and publish device policies');

  policy
    .command('test')
    .argument('<file>', 'YAML document')
    .description('Check a policy document and tell every fault with its line')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server policy test baseline.yaml')
    .action(async (file: string, options: CommonOptions) => {
      const document = readPolicyDocument(await textOf(file));
      const { policy: name, rules } = document;
      answer(
        context,
        options,
        { valid: true, policy: name, rules: rules.length },
        `${file}: ${name} is valid, with ${rules.length === 1 ? 'one rule' : `${rules.length} rules`}`,
      );
    });

  policy
    .command('publish')
    .argument('<file>', 'YAML document')
    .description('Publish a policy document as the next version of its policy')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server policy publish baseline.yaml')
    .action(async (file: string, options: CommonOptions) => {
      const text = await textOf(file);
      readPolicyDocument(text);
      await withDeps(context, async ({ store, clock }) => {
        const { name, version } = await publishPolicy(store, text, systemActor, clock.now());
        answer(context, options, { policy: name, version }, `Published version ${version} of ${name}`);
      });
    });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Fault('not_found', {
      details: [{ path: file, message: 'is not a file that this user can read' }],
      cause,
    });
  }
}
