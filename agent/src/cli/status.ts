import { z } from 'zod';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { OwnDevice } from '@postern/shared/protocol/device';
import type { DeviceState } from '@postern/shared/protocol/enrollment';
import { listExceptions } from '../backend/exceptions.ts';
import { BackendRefusal, BackendUnreachable } from '../backend/faults.ts';
import type { AgentState } from '../state/state.ts';
import { holderOf } from '../state/lock.ts';
import { type CommandContext, defineCommand, examples } from './command.ts';
import { sayException } from './exception-lines.ts';
import { plain } from './plain.ts';
import { planLines } from './plan-lines.ts';
import { sayWhen } from './say-time.ts';
import { type ExitCode, printJson, safeText } from './terminal.ts';
import { exitCodeOf } from './verdict-exit-code.ts';
import { wrap } from './text-width.ts';
import { verdictTable } from './verdict-table.ts';

/** What the backend says, or why it says nothing. */
type Answer = { device: OwnDevice } | { trouble: { code: string; sentence: string; exitCode: ExitCode } };

const optionsSchema = z.object({ sent: z.boolean().optional(), history: z.boolean().optional() });

export const statusCommand = defineCommand(
  'status',
  optionsSchema,
  (command) =>
    command
      .summary('show where this device stands, and what was sent')
      .description(
        'Shows the state of this device, its verdict, its exceptions, what it is asked to report, and exactly what was sent last, to whom and when. Without a connection it shows what it last knew, and says so (exit code 3). Exit code 1 means that access is closed.',
      )
      .option('--sent', 'print what was sent last and nothing else, as it was signed')
      .option('--history', 'show exceptions that have ended as well')
      .addHelpText(
        'after',
        examples(
          ['postern-agent status', 'in words'],
          ['postern-agent status --sent', 'the exact text that was signed and sent last, for a program'],
          ['postern-agent status --json', 'everything, for a script'],
        ),
      ),
  async (context, { sent, history }) => {
    const state = await context.agent.loadState();
    if (sent === true) return printSent(context, state);
    const answer = await ask(context, history === true);
    const daemon = await holderOf(context.agent.dataFolder, 'run');
    if (context.json) printJson(context.terminal.stdout, documentOf(state, answer, daemon));
    else print(context, state, answer, daemon);
    return exitCodeFor(answer);
  },
);

/** Word for word, for who wants to check the signature or to read it with a program. Asks nobody. */
function printSent({ terminal, json }: CommandContext, { lastSent }: AgentState): ExitCode {
  if (json) printJson(terminal.stdout, lastSent);
  else if (lastSent !== null) terminal.stdout.write(`${safeText(lastSent.claims)}\n`);
  return lastSent === null ? 1 : 0;
}

async function ask({ agent }: CommandContext, history: boolean): Promise<Answer> {
  try {
    const session = await agent.openSession();
    const device = await agent.askOwnDevice(session);
    return { device: history ? { ...device, exceptions: await listExceptions(session) } : device };
  } catch (error) {
    if (error instanceof BackendUnreachable) {
      return { trouble: { code: 'backend_unreachable', sentence: error.message, exitCode: 3 } };
    }
    if (error instanceof BackendRefusal) return { trouble: { code: error.code, sentence: error.message, exitCode: 1 } };
    throw error;
  }
}

function exitCodeFor(answer: Answer): ExitCode {
  if ('trouble' in answer) return answer.trouble.exitCode;
  const { state, quarantined, verdict } = answer.device;
  if (state !== 'active' || quarantined || verdict === null) return 1;
  return exitCodeOf(verdict);
}

function documentOf(state: AgentState, answer: Answer, daemon: number | undefined) {
  const { device, server, key, lastSent, lastAnswer } = state;
  const own = 'device' in answer ? answer.device : null;
  return {
    /** `backend`: as it is now. `memory`: as it was last known. */
    source: own === null ? 'memory' : 'backend',
    trouble: 'trouble' in answer ? { code: answer.trouble.code, sentence: answer.trouble.sentence } : null,
    device: {
      id: device.id,
      name: own?.name ?? device.name,
      state: own?.state ?? device.state,
      quarantined: own?.quarantined ?? null,
      owner: own?.owner ?? device.owner,
      keyProvider: key.provider,
      keyProtection: own?.keyProtection ?? device.keyProtection,
      keyThumbprint: key.thumbprint,
      enrolledAt: state.enrolledAt,
    },
    server,
    daemonPid: daemon ?? null,
    attestation: own === null ? null : own.attestation,
    verdict: own === null ? (lastAnswer?.verdict ?? null) : own.verdict,
    exceptions: own?.exceptions ?? null,
    plan: planNow(state, own),
    // Parsed for reading; `text` is the very text that was signed.
    lastSent: lastSent && {
      to: lastSent.to,
      at: lastSent.at,
      hash: lastSent.hash,
      claims: JSON.parse(lastSent.claims) as unknown,
      text: lastSent.claims,
    },
    clockOffsetMs: state.clockOffsetMs,
  };
}

const stateSentences: Record<DeviceState, string | null> = {
  active: null,
  pending: 'It waits for an admin to admit it.',
  suspended: 'It is suspended: it gets no access, whatever follows says. Ask an admin.',
  retired: 'It is retired. To enroll it again: postern-agent forget --yes, then postern-agent enroll URL',
};

function print(context: CommandContext, state: AgentState, answer: Answer, daemon: number | undefined): void {
  const { say, paint, table, terminal } = context;
  const { device, server, key, lastSent, lastAnswer } = state;
  const own = 'device' in answer ? answer.device : undefined;
  const now = terminal.clock.now();

  say(`${paint('bold', plain(own?.name ?? device.name))} (${device.id}), ${own?.state ?? device.state}`);
  say(`  Owner: ${plain((own ?? device).owner.name)}. Backend: ${server.issuer}`);
  say(`  Key: ${key.provider}, ${(own ?? device).keyProtection}. Enrolled ${sayWhen(state.enrolledAt, now)}`);
  say(
    daemon === undefined
      ? '  Not running in the background. Start it: postern-agent run'
      : `  Running in the background (process ${daemon}).`,
  );
  const standing = stateSentences[own?.state ?? device.state];
  if (standing !== null) say(paint('red', `✗ ${standing}`));
  if (own?.quarantined === true)
    say(paint('red', '✗ In quarantine: its key or its history was seen twice. Ask an admin.'));
  if ('trouble' in answer) {
    say('');
    say(paint('amber', `! ${plain(answer.trouble.sentence)}`));
    say('  What follows is what this machine last knew.');
  }
  say('');
  const verdict = own === undefined ? lastAnswer?.verdict : own.verdict;
  if (verdict === undefined || verdict === null) say('It has not reported yet. Report: postern-agent attest');
  else terminal.stdout.write(verdictTable(verdict, table));

  if (own !== undefined && own.exceptions.length > 0) {
    say('');
    say(paint('bold', 'Exceptions'));
    for (const exception of own.exceptions) for (const line of sayException(exception, now)) say(line);
  }
  say('');
  for (const line of planLines(planNow(state, own ?? null), verdict?.policies ?? [], table.columns)) say(line);
  say('');
  if (lastSent === null) {
    say('Nothing was sent so far.');
    return;
  }
  const sent = `Last sent ${sayWhen(lastSent.at, now)} to ${lastSent.to} (${Buffer.byteLength(lastSent.claims)} bytes).`;
  for (const line of wrap(sent, Math.max(16, table.columns))) say(line);
  say('Exactly this was signed, and nothing else was sent:');
  say(safeText(lastSent.claims));
}

/** What the backend says now; otherwise what it said last. */
function planNow(state: AgentState, own: OwnDevice | null): CollectionPlan | null {
  return own?.collect ?? state.plan;
}
