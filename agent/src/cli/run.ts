import { z } from 'zod';
import { findCheck } from '@postern/shared/checks/catalogue';
import type { Verdict } from '@postern/shared/protocol/verdict';
import { sayDuration, toTimestamp } from '@postern/shared/time';
import { planned } from '../collect/request.ts';
import { checksOf, type More } from '../plan.ts';
import { createKick } from '../service/kick.ts';
import { type LoopEvent, runLoop } from '../service/loop.ts';
import type { Notice } from '../service/notices.ts';
import { isSaving } from '../service/power/index.ts';
import { type CommandContext, defineCommand, examples } from './command.ts';
import { plain } from './plain.ts';
import { ruleStateOf } from './rule-state.ts';
import { sayMoment } from './say-time.ts';
import { safeJson } from './terminal.ts';

/** What a person changes with a switch, and cheap to read. The rest is read when it is reported anyway. */
const observed: ReadonlySet<string> = new Set([
  'disk-encryption',
  'firewall',
  'screen-lock',
  'secure-boot',
  'automatic-updates',
  'device-management',
]);

const optionsSchema = z.object({ quietStart: z.boolean().optional() });

export const runCommand = defineCommand(
  'run',
  optionsSchema,
  (command) =>
    command
      .summary('keep reporting, until stopped')
      .description(
        'Reports at the start, as often as the backend asks for, and when something changes; while the battery is saved, only as often as access needs it. It prints a line whenever the verdict changes, when more is asked of this device, and before a rule blocks. SIGTERM and SIGINT stop it; SIGHUP and SIGUSR1 make it report at once.',
      )
      .option('--quiet-start', 'say nothing at the start if the verdict is still the last known one')
      .addHelpText(
        'after',
        examples(
          ['postern-agent run', 'in the foreground, for a service manager'],
          ['postern-agent run --json', 'a JSON document a line'],
        ),
      ),
  async (context, { quietStart }) => {
    const { agent, terminal } = context;
    // Refuses at once what no waiting would mend.
    const { state } = await agent.openSession();
    const lock = await agent.lock('run');
    const stop = new AbortController();
    const kick = createKick();
    terminal.signals.onStop(() => stop.abort());
    terminal.signals.onKick(() => kick.now());
    try {
      await runLoop({
        attest: (fresh) => agent.attest(fresh),
        observe: ({ plan, state: { clockOffsetMs } }) =>
          terminal.collect({
            ...planned(plan, clockOffsetMs),
            checks: checksOf(plan).filter((id) => observed.has(id)),
          }),
        isSaving: async () => isSaving(await terminal.power()),
        clock: terminal.clock,
        timer: terminal.timer,
        random: terminal.random,
        known: quietStart === true ? (state.lastAnswer?.verdict ?? null) : null,
        plan: state.plan,
        report: (event) => report(context, event),
        stop: stop.signal,
        kick,
      });
    } finally {
      await lock.release();
    }
    return 0;
  },
);

function report({ terminal, json, say, paint }: CommandContext, event: LoopEvent): void {
  const at = toTimestamp(terminal.clock.now());
  if (json) {
    say(
      safeJson(
        event.kind === 'verdict'
          ? { at, kind: event.kind, verdict: event.verdict, before: event.before?.status ?? null }
          : { at, ...event },
      ),
    );
    return;
  }
  const line = plain(lineOf(event));
  say(
    `${paint('grey', sayMoment(at))}  ${event.kind === 'verdict' ? paint(colours[event.verdict.status], line) : line}`,
  );
}

const colours = { compliant: 'green', grace: 'amber', 'non-compliant': 'red', stale: 'red' } as const;
const words = {
  compliant: '✓ Fine',
  grace: '◷ Something must be fixed in time',
  'non-compliant': '✗ Blocked',
  stale: '✗ The last report is too old',
} as const;

function lineOf(event: LoopEvent): string {
  switch (event.kind) {
    case 'verdict':
      return verdictLine(event.verdict, event.before);
    case 'notice':
      return noticeLine(event.notice);
    case 'asked':
      return askedLine(event.more);
    case 'back':
      return 'The backend answers again.';
    case 'refused':
      return `Refused: ${event.sentence} Next try in ${sayDuration(event.retryInMs)}.`;
    case 'unreachable':
    case 'failed':
      return `${event.sentence} Next try in ${sayDuration(event.retryInMs)}.`;
  }
}

const mostPaths = 3;

function askedLine(more: readonly More[]): string {
  const asked = more.map(({ check, paths }) => {
    const shown = paths.slice(0, mostPaths).join(', ');
    const rest = paths.length > mostPaths ? ` and ${paths.length - mostPaths} more` : '';
    return `${findCheck(check)?.title ?? check}${shown === '' ? '' : ` (${shown}${rest})`}`;
  });
  return `From now on this device is also asked to report: ${asked.join('; ')}. See postern-agent status`;
}

function noticeLine({ kind, rule, leftMs }: Notice): string {
  if (kind === 'exception-ends') {
    const what = `⧗ The exception from "${rule.title}" ends in ${sayDuration(leftMs)}.`;
    return `${what} Fix it, ask for more time, or opt back in: postern-agent relinquish ${rule.exception?.id ?? ''}`;
  }
  const urgency = kind === 'last-call' ? 'Last call' : 'Fix now';
  const fix = rule.fix === null ? '' : ` ${rule.fix.text}`;
  return `◷ ${urgency}. ${rule.title}: it blocks this device in ${sayDuration(leftMs)}.${fix}`;
}

function keyOf({ policy, rule, standing, stage }: Verdict['rules'][number]): string {
  return `${policy}/${rule} ${standing} ${stage ?? ''}`;
}

/** The status, and the rules that are not fine and were not just so before. */
function verdictLine(verdict: Verdict, before: Verdict | null): string {
  const known = new Set(before?.rules.map(keyOf));
  const news = verdict.rules
    .filter(({ standing }) => standing !== 'fine' && standing !== 'not-applicable' && standing !== 'reported')
    .filter((rule) => !known.has(keyOf(rule)))
    .map((rule) => `${rule.title}: ${ruleStateOf(rule).words}`);
  return [words[verdict.status], ...news].join('. ');
}
