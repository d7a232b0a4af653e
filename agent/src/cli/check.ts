import { z } from 'zod';
import type { Json } from '@postern/shared/canonical';
import { catalogue, findCheck } from '@postern/shared/checks/catalogue';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { Reading } from '@postern/shared/protocol/reading';
import { type CollectRequest, everything, planned } from '../collect/request.ts';
import { checksOf } from '../plan.ts';
import { defineCommand, examples } from './command.ts';
import { UsageError } from './failure.ts';
import { plain } from './plain.ts';
import type { Paint } from './style.ts';
import { printJson } from './terminal.ts';
import { wrap } from './text-width.ts';

const optionsSchema = z.object({ only: z.array(z.string()).optional(), all: z.boolean().optional() });

export const checkCommand = defineCommand(
  'check',
  optionsSchema,
  (command) =>
    command
      .summary('show what this machine would report, and send nothing')
      .description(
        'Reads this machine and prints what would be sent, just as it would be signed: what the policies of this device use. With --all it prints whatever the agent can read. Nothing leaves the machine.',
      )
      .option('--all', 'everything that this agent can read, asked for or not')
      .option('--only <check...>', `only these: ${catalogue.map(({ id }) => id).join(', ')}`)
      .addHelpText(
        'after',
        examples(
          ['postern-agent check', 'what would be sent, in words'],
          ['postern-agent check --all', 'everything that can be read'],
          ['postern-agent check --only firewall disk-encryption --json', 'two of them, for a script'],
        ),
      ),
  async ({ agent, terminal, json, paint, say, table }, { only, all }) => {
    const unknownCheck = only?.find((id) => findCheck(id) === undefined);
    if (unknownCheck !== undefined)
      throw new UsageError(`There is no check "${plain(unknownCheck)}". See: postern-agent check --help`);
    const state = await agent.store.load().catch(() => undefined);
    const plan = state?.plan ?? null;
    // Nobody would be sent anything by a machine that is not enrolled: what there is to see is what it could say.
    const wanted = all === true || only !== undefined || state === undefined ? 'all' : 'planned';
    const request: CollectRequest = {
      ...(wanted === 'all'
        ? everything(plan, state?.clockOffsetMs ?? null)
        : planned(plan, state?.clockOffsetMs ?? null)),
      ...(only === undefined ? {} : { checks: only }),
      keepForMs: 0,
    };
    const readings = await terminal.collect(request);
    const sends = state === undefined ? [] : checksOf(plan);
    if (json) {
      printJson(terminal.stdout, { readings, sends });
      return 0;
    }
    for (const [id, reading] of Object.entries(readings)) {
      const isSent = state === undefined || sends.includes(id);
      say(`${paint('bold', findCheck(id)?.title ?? id)}${isSent ? '' : ' (not asked for, and not sent)'}`);
      for (const line of wrap(describe(reading), Math.max(16, table.columns - 2)))
        say(`  ${paintReading(paint, reading, line)}`);
    }
    say('');
    for (const line of wrap(`Nothing was sent. ${outlook(state !== undefined, plan, wanted === 'all')}`, table.columns))
      say(line);
    return 0;
  },
);

function outlook(isEnrolled: boolean, plan: CollectionPlan | null, showsAll: boolean): string {
  if (!isEnrolled) return 'Once it is enrolled, only what policies use is: postern-agent enroll URL';
  if (plan === null)
    return 'The backend has not said yet what it asks for; until then it is told the version of the system alone.';
  const rest = showsAll ? '' : ' To see all that can be read: postern-agent check --all.';
  return `What it means for access is for the policy to say: postern-agent attest.${rest}`;
}

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
