import type { Command } from 'commander';
import { Fault } from '@postern/shared/protocol/errors';
import { readTemplateDocument, readTemplates, type Template } from '../exceptions/index.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';
import { readNamedFile } from './named-file.ts';

/** Commands on templates of exceptions. `test` needs neither database nor configuration. */
export function addTemplateCommands(program: Command, context: CliContext): void {
  const template = program.command('template').description('Test and look at templates of exceptions and access');
  addTest(template, context);
  addList(template, context);
  addShow(template, context);
}

function addTest(template: Command, context: CliContext): void {
  template
    .command('test')
    .argument('<file>', 'YAML document')
    .description('Check a template and tell every fault with its line, or what it says')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server template test travelling.yaml')
    .action(async (file: string, options: CommonOptions) => {
      const document = readTemplateDocument(await readNamedFile(file));
      const { template: name, kind, conditions } = document;
      const value = { valid: true, template: name, kind, conditions: conditions.length };
      answer(context, options, value, `${file}: ${name} is valid\n${sayings(document).join('\n')}`);
    });
}

function addList(template: Command, context: CliContext): void {
  template
    .command('list')
    .description('List the templates in force')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server template list')
    .action((options: CommonOptions) =>
      withExisting(context, async ({ store }) => {
        const templates = await readTemplates(store.read);
        const items = templates.map(({ name, version, document: { kind, title, emergency } }) => ({
          name,
          version,
          kind,
          title,
          emergency,
        }));
        const lines = items.map(({ name, version, kind, title }) => `${name}  version ${version}  ${kind}  ${title}`);
        answer(context, options, { items }, lines.length === 0 ? 'No template is in force' : lines.join('\n'));
      }),
    );
}

function addShow(template: Command, context: CliContext): void {
  template
    .command('show')
    .argument('<name>', 'name of the template')
    .description('Show what a template in force says')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server template show travelling --json')
    .action((name: string, options: CommonOptions) =>
      withExisting(context, async ({ store }) => {
        const found = (await readTemplates(store.read)).find((each) => each.name === name);
        if (found === undefined)
          throw new Fault('template_unknown', {
            details: [{ path: 'name', message: 'see postern-server template list' }],
          });
        const { version, document } = found;
        answer(
          context,
          options,
          { name, version, document },
          [`${name}, version ${version}`, ...sayings(document)].join('\n'),
        );
      }),
    );
}

function sayings(document: Template['document']): string[] {
  const { title, durations, max_duration: max, stages, step_up: stepUp, conditions, emergency } = document;
  const asked = stages.map((stage) => `${stage.approvals} of ${stage.title}`).join(', then ');
  return [
    `  ${title}`,
    `  for ${durations.join(', ')}; at most ${max}`,
    `  approved by ${emergency ? 'nobody: it is for emergencies, and reviewed afterwards' : asked}`,
    `  step-up to ask: ${stepUp.request}; to approve: ${stepUp.approval}`,
    ...conditions.map((condition) => `  when ${condition.when}: ${condition.title}`),
  ];
}
