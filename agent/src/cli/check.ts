import { z } from 'zod';
import type { Json } from '@postern/shared/canonical';
import { catalogue, findCheck } from '@postern/shared/checks/catalogue';
import type { Reading } from '@postern/shared/protocol/reading';
import { defineCommand, examples } from './command.ts';
import { UsageError } from './failure.ts';
import { plain } from './plain.ts';
import type { Paint } from './style.ts';
import { printJson } from './terminal.ts';
import { wrap } from './text-width.ts';

const optionsSchema = z.object({ only: z.array(z.string()).optional() });

export const checkCommand = defineCommand(
  'check',
  optionsSchema,
  (command) =>
    command
      .summary('show what this machine would report, and send nothing')
      .description(
        'Reads this machine and prints every reading, just as it would be signed. Nothing leaves the machine.',
      )
      .option('--only <check...>', `only these: ${catalogue.map(({ id }) => id).join(', ')}`)
      .addHelpText(
        'after',
        examples(
          ['postern-agent check', 'every reading, in words'],
          ['postern-agent check --only firewall disk-encryption --json', 'two of them, for a script'],
        ),
      ),
  async ({ agent, terminal, json, paint, say, table }, { only }) => {
    const unknownCheck = only?.find((id) => findCheck(id) === undefined);
    if (unknownCheck !== undefined)
      throw new UsageError(`There is no check "${plain(unknownCheck)}". See: postern-agent check --help`);
    const state = await agent.store.load().catch(() => undefined);
    const readings = await terminal.collect(state?.clockOffsetMs ?? null, only);
    if (json) {
      printJson(terminal.stdout, { readings });
      return 0;
    }
    for (const [id, reading] of Object.entries(readings)) {
      say(paint('bold', findCheck(id)?.title ?? id));
      for (const line of wrap(describe(reading), Math.max(16, table.columns - 2)))
        say(`  ${paintReading(paint, reading, line)}`);
    }
    say('');
    say('Nothing was sent. What it means for access is for the policy to say: postern-agent attest');
    return 0;
  },
);

function describe(reading: Reading): string {
  switch (reading.status) {
    case 'ok':
      return plain(`${describeValue(reading.value)} (${reading.method})`);
    case 'unknown':
      return plain(`? Could not check (${reading.reason}): ${reading.detail}`);
    case 'unsupported':
      return plain(`– Does not apply here (${reading.reason}): ${reading.detail}`);
  }
}

/** A value of a reading in words: `enabled: yes, provider: ufw`. */
function describeValue(value: Json): string {
  if (value === null) return 'not known';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((item) => `[${describeValue(item)}]`).join(' ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${describeValue(member)}`)
    .join(', ');
}

function paintReading(paint: Paint, reading: Reading, line: string): string {
  return reading.status === 'ok' ? line : paint('grey', line);
}
