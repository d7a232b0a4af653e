import type { Command } from 'commander';
import { policyJsonSchema } from '../policy/index.ts';
import type { CliContext } from './context.ts';

/** Needs neither database nor configuration. */
export function addPolicySchemaCommand(policy: Command, { out }: CliContext): void {
  policy
    .command('schema')
    .description('Print the JSON Schema of policy documents, by which editors complete and check them')
    .addHelpText(
      'after',
      '\nExample:\n  postern-server policy schema > policy.schema.json\n\nThen begin a policy with:\n  # yaml-language-server: $schema=policy.schema.json',
    )
    .action(() => out(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`));
}
