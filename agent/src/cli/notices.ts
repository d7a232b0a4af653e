import { z } from 'zod';
import { type Instant, timestampSchema } from '@postern/shared/time';
import { listNotices, type Told } from '../backend/notices.ts';
import { defineCommand, examples } from './command.ts';
import { plain } from './plain.ts';
import { sayMoment, sayWhen } from './say-time.ts';
import { printJson } from './terminal.ts';

const optionsSchema = z.object({});

export const noticesCommand = defineCommand(
  'notices',
  optionsSchema,
  (command) =>
    command
      .summary('show what you were told lately')
      .description(
        'Shows the latest 20 notices about this device or you, newest first: what became of your requests, and what ends soon.',
      )
      .addHelpText('after', examples(['postern-agent notices', 'the console has all of them'])),
  async ({ agent, terminal, json, say }) => {
    const items = await listNotices(await agent.openSession());
    const now = terminal.clock.now();
    if (json) printJson(terminal.stdout, { items });
    else if (items.length === 0) say('Nothing so far.');
    else for (const notice of items) for (const line of sayNotice(notice, now)) say(line);
    return 0;
  },
);

function sayNotice({ at, title, facts, text }: Told, now: Instant): string[] {
  return [
    `${plain(title)}, ${sayWhen(at, now)}`,
    ...facts.map(
      ({ label, value }) =>
        `  ${plain(label)}: ${timestampSchema.safeParse(value).success ? sayMoment(value) : plain(value)}`,
    ),
    ...(text === null ? [] : [`  “${plain(text)}”`]),
  ];
}
