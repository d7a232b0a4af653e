import type { Command } from 'commander';
import { z } from 'zod';
import type { Impact } from '@postern/shared/protocol/impact';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import type { CommandContext } from './command.ts';
import { UsageError } from './failure.ts';
import { optionOf } from './option-names.ts';
import { sayImpact } from './impact-lines.ts';
import { type ExitCode, printJson } from './terminal.ts';

/** What every request says beside what it is about. */
export const askingOptions = {
  for: z.string(),
  reason: z.string(),
  ticket: z.string().optional(),
  template: z.string().optional(),
  reasonCode: z.string().optional(),
  starts: z.string().optional(),
  code: z.string().optional(),
  dryRun: z.boolean().optional(),
};

type Asking = z.output<z.ZodObject<typeof askingOptions>>;

/** @param how `option` where the command does something without them, too */
export function addAskingOptions(command: Command, how: 'requiredOption' | 'option' = 'requiredOption'): Command {
  const option = (flags: string, description: string) => command[how](flags, description);
  option('--for <duration>', 'how long: 30m, 8h, 2d');
  option('--reason <text>', 'why, in a sentence or two: who decides reads it');
  return command
    .option('--ticket <ticket>', 'where it is tracked')
    .option('--template <name>', 'the scenario that it is asked under; postern-agent templates lists them')
    .option('--reason-code <code>', 'one of the reasons that the template names')
    .option('--starts <time>', 'when it is to begin, such as 2026-12-01T09:00:00Z; else with the approval')
    .option('--dry-run', 'say what it would mean, and ask for nothing')
    .option('--code <digits>', 'the code of your authenticator app, where one is asked for');
}

/** The same as members of the request. */
export function askingMembers({ for: duration, reason, ticket, template, reasonCode, starts, code }: Asking) {
  return {
    duration,
    justification: reason,
    ...(ticket === undefined ? {} : { ticket }),
    ...(template === undefined ? {} : { template }),
    ...(reasonCode === undefined ? {} : { reasonCode }),
    ...(starts === undefined ? {} : { startsAt: starts }),
    ...(code === undefined ? {} : { stepUp: { kind: 'code', code } satisfies StepUpAnswer }),
  };
}

/** Says what a request would mean, in words or as the document. Exit code 1: it would be refused. */
export async function showImpact(context: CommandContext, previewed: Promise<Impact>): Promise<ExitCode> {
  const { terminal, json, say } = context;
  const impact = await previewed;
  if (json) printJson(terminal.stdout, impact);
  else for (const line of sayImpact(impact)) say(line);
  return impact.refusals.length === 0 ? 0 : 1;
}

/** The request as the backend reads it. Throws UsageError, naming the options that are wrong. */
export function readWish<Schema extends z.ZodType>(schema: Schema, wish: unknown): z.output<Schema> {
  const parsed = schema.safeParse(wish);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path: [member], message }) => {
    if (member === 'startsAt') return '--starts: must be a time such as 2026-12-01T09:00:00Z';
    return `${optionOf(String(member))}: ${message}`;
  });
  throw new UsageError(faults.join('; '));
}
