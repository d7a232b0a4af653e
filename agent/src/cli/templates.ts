import { z } from 'zod';
import { listTemplates } from '../backend/templates.ts';
import { defineCommand, examples } from './command.ts';
import { LocalRefusal } from './failure.ts';
import { sayTemplate } from './template-lines.ts';
import { printJson } from './terminal.ts';

const optionsSchema = z.object({});

export const templatesCommand = defineCommand(
  'templates',
  optionsSchema,
  (command) =>
    command
      .summary('show under which scenarios you may ask, and what each takes')
      .description(
        'Shows the templates under which you may ask for an exception or temporary access on this device: what each is for, how long, who approves, and what a request has to say.',
      )
      .argument('[name]', 'only this one')
      .addHelpText(
        'after',
        examples(
          ['postern-agent templates', 'all that are for you'],
          ['postern-agent templates travelling', 'then ask: postern-agent request --template travelling …'],
        ),
      ),
  async ({ agent, terminal, json, say, table }, _options, [name]) => {
    const all = await listTemplates(await agent.openSession());
    const shown = name === undefined ? all : all.filter((offer) => offer.name === name);
    if (name !== undefined && shown.length === 0)
      throw new LocalRefusal('template_unknown', 'No template of that name is for you. See: postern-agent templates');
    if (json) printJson(terminal.stdout, { items: shown });
    else if (shown.length === 0) say('No template is for you. Ask without one: postern-agent request --help');
    else for (const offer of shown) for (const line of sayTemplate(offer, table.columns)) say(line);
    return 0;
  },
);
