import type { Readings } from '@postern/shared/protocol/reading';
import { sayDuration } from '@postern/shared/time';
import { everything } from '../collect/request.ts';
import { loadKey } from '../keys/select.ts';
import { holderOf } from '../state/lock.ts';
import { checkPrivateFolder, dangerAbove } from '../state/private-folder.ts';
import type { AgentState } from '../state/state.ts';
import { agentVersion } from '../version.ts';
import type { Agent } from './agent.ts';
import { type CommandContext, defineCommand, examples, noOptions } from './command.ts';
import { type Diagnosis, fault, ok } from './diagnosis.ts';
import { diagnosePlan, diagnosePower, diagnoseReading } from './doctor-checks.ts';
import { plain } from './plain.ts';
import { redactorFor } from './redact.ts';
import { printJson } from './terminal.ts';
import { wrap } from './text-width.ts';

export const doctorCommand = defineCommand(
  'doctor',
  noOptions,
  (command) =>
    command
      .summary('find out what keeps this agent from working')
      .description(
        'Looks at the environment, the power, the key, the state, the backend, what is asked to be reported, and every check that has no answer, and says what to do. It prints no names, serial numbers, keys or tokens, so that the output may be pasted into a ticket.',
      )
      .addHelpText(
        'after',
        examples(
          ['postern-agent doctor', 'exit code 1 when something is wrong'],
          ['postern-agent doctor --json', 'for a ticket'],
        ),
      ),
  async (context) => {
    const { json, terminal, paint, say, table } = context;
    const { diagnoses, state, readings } = await diagnose(context);
    const redact = redactorFor(terminal, { state, readings });
    // Made plain first: a secret with something invisible in it would not be known again.
    const fit = (text: string) => redact(plain(text));
    const found = diagnoses.map(({ about, result, sentence, advice }) => ({
      about,
      result,
      sentence: fit(sentence),
      advice: advice === null ? null : fit(advice),
    }));
    const healthy = found.every(({ result }) => result !== 'fault');
    if (json) {
      printJson(terminal.stdout, { healthy, version: agentVersion, found });
    } else {
      for (const { about, result, sentence, advice } of found) {
        const { sign, colour } = signs[result];
        const lines = wrap(`${about}: ${sentence}`, Math.max(16, table.columns - 2));
        lines.forEach((line, at) => say(`${at === 0 ? paint(colour, sign) : ' '} ${line}`));
        if (advice !== null) for (const line of wrap(advice, Math.max(16, table.columns - 4))) say(`    ${line}`);
      }
    }
    return healthy ? 0 : 1;
  },
);

const signs = {
  ok: { sign: '✓', colour: 'green' },
  note: { sign: '?', colour: 'grey' },
  fault: { sign: '✗', colour: 'red' },
} as const;

interface Diagnosed {
  diagnoses: Diagnosis[];
  state: AgentState | undefined;
  readings: Readings;
}

async function diagnose(context: CommandContext): Promise<Diagnosed> {
  const before = await diagnoseState(context);
  const backend =
    before.state === undefined
      ? []
      : [await diagnoseKey(context, before.state), ...(await diagnoseBackend(context, before.state))];
  // The backend may have said meanwhile what it asks for.
  const state = before.state && ((await context.agent.store.load().catch(() => undefined)) ?? before.state);
  const { readings, troubles } = await readAll(context, state);
  return {
    diagnoses: [
      diagnoseEnvironment(context),
      diagnosePower(await context.terminal.power()),
      await diagnoseFolder(context),
      ...before.found,
      ...backend,
      ...(state === undefined ? [] : [diagnosePlan(state.plan)]),
      ...troubles,
      ...Object.entries(readings).flatMap(([id, reading]) => diagnoseReading(id, reading, state)),
    ],
    state,
    readings,
  };
}

async function readAll(
  { terminal }: CommandContext,
  state: AgentState | undefined,
): Promise<{ readings: Readings; troubles: Diagnosis[] }> {
  try {
    // Not keyed: the identifiers are needed as they are, so that they can be taken out of what is printed.
    const request = { ...everything(state?.plan ?? null, state?.clockOffsetMs ?? null), identifierKey: null };
    return { readings: await terminal.collect(request), troubles: [] };
  } catch (error) {
    return { readings: {}, troubles: [fault('Readings', error)] };
  }
}

function diagnoseEnvironment({ terminal }: CommandContext): Diagnosis {
  const { platform, uid } = terminal.machine;
  const user = uid === 0 ? 'as root' : 'as an ordinary user';
  return ok(
    'Environment',
    `postern-agent ${agentVersion}, Node ${process.versions.node}, ${platform} ${process.arch}, ${user}.`,
  );
}

async function diagnoseFolder({ agent }: CommandContext): Promise<Diagnosis> {
  try {
    await checkPrivateFolder(agent.dataFolder);
    const danger = await dangerAbove(agent.dataFolder);
    if (danger !== undefined) {
      const advice = 'Choose another folder with POSTERN_AGENT_DATA, and enroll again.';
      return { about: 'Data folder', result: 'note', sentence: danger, advice };
    }
    return ok('Data folder', `${agent.dataFolder} is for this user alone to change.`);
  } catch (error) {
    if ((await agent.store.load().catch(() => null)) === undefined)
      return ok('Data folder', `${agent.dataFolder}, to be made when the machine is enrolled.`);
    return fault('Data folder', error);
  }
}

async function diagnoseState({
  agent,
}: CommandContext): Promise<{ found: Diagnosis[]; state: AgentState | undefined }> {
  try {
    const state = await agent.store.load();
    if (state === undefined) {
      const advice = 'Enroll it: postern-agent enroll URL';
      return {
        found: [{ about: 'Enrollment', result: 'note', sentence: 'This machine is not enrolled.', advice }],
        state,
      };
    }
    const daemon = await holderOf(agent.dataFolder, 'run');
    const running =
      daemon === undefined ? 'Nothing reports in the background.' : `It reports in the background (process ${daemon}).`;
    return {
      found: [ok('Enrollment', `Enrolled at ${state.server.issuer}, ${state.seq} attestations signed. ${running}`)],
      state,
    };
  } catch (error) {
    return { found: [fault('Enrollment', error)], state: undefined };
  }
}

async function diagnoseKey({ agent }: CommandContext, state: AgentState): Promise<Diagnosis> {
  try {
    const key = await loadKey(agent.providers, state.key);
    const signature = await key.sign(Buffer.from('doctor'));
    return ok('Device key', `It signs (provider "${state.key.provider}", ${signature.length} bytes).`);
  } catch (error) {
    return fault('Device key', error);
  }
}

/** Differences that the network alone explains are none. */
const clockToleranceMs = 5_000;

async function diagnoseBackend({ agent }: CommandContext, state: AgentState): Promise<Diagnosis[]> {
  let offset: number;
  try {
    const backend = await agent.connect(state.server.url, null);
    await backend.challenge();
    offset = backend.clockOffsetMs ?? 0;
  } catch (error) {
    return [fault('Backend', error)];
  }
  return [ok('Backend', `${state.server.url} answers.`), diagnoseClock(offset), await diagnoseStanding(agent)];
}

function diagnoseClock(offsetMs: number): Diagnosis {
  if (Math.abs(offsetMs) < clockToleranceMs) return ok('Clock', 'It agrees with the backend.');
  return {
    about: 'Clock',
    result: 'note',
    sentence: `It is ${sayDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'fast' : 'slow'}. What is signed is dated by the backend's clock.`,
    advice: 'Turn on network time; on Linux: timedatectl set-ntp true',
  };
}

async function diagnoseStanding(agent: Agent): Promise<Diagnosis> {
  try {
    const { state, quarantined } = await agent.askOwnDevice(await agent.openSession());
    if (state === 'active' && !quarantined) return ok('Device', 'The backend knows it, and it is active.');
    const sentence = `The backend says that it is ${quarantined ? 'in quarantine' : state}.`;
    return { about: 'Device', result: 'fault', sentence, advice: 'Ask an admin.' };
  } catch (error) {
    return fault('Device', error);
  }
}
