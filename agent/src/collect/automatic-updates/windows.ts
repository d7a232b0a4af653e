// Read from recorded output; not run on the system itself.
import type { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import { toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { isAbsent } from '../windows/registry-script.ts';
import { answerSchema, installsByItself, pausedUntil, script, type UpdatesAnswer } from './windows-parse.ts';

type AutomaticUpdates = z.infer<typeof automaticUpdates.value>;

const method = 'Start of wuauserv and UsoSvc; WindowsUpdate policies, pauses; AutoUpdate NotificationLevel';
const mechanism = 'windows-update';

/** Whether Windows Update installs without asking, and whether somebody paused it. */
export async function readWindows(system: System): Promise<Finding<AutomaticUpdates>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer, system.clock.now()) : asked;
}

/** The answer of the script as a finding. */
export function judge(answer: UpdatesAnswer, now: Instant): Finding<AutomaticUpdates> {
  const enabled = installsByItself(answer);
  if (enabled === undefined) return undecided(answer);
  const until = pausedUntil(answer, now);
  if (until === undefined && enabled) {
    return unknown(
      'output-unreadable',
      'Whether somebody paused updates could not be read. Open Settings, Windows Update, and look there.',
      method,
    );
  }
  return found({ enabled, mechanism, pausedUntil: typeof until === 'number' ? toTimestamp(until) : null }, method);
}

function undecided(answer: UpdatesAnswer): Finding<never> {
  const { wuauserv, orchestrator, policy, automatic, mdm } = answer;
  const keys = [wuauserv, orchestrator, policy, automatic, mdm];
  const fault = keys.map((key) => key.fault).find((said) => said !== null && !isAbsent(said)) ?? answer.levelFault;
  if (fault === null) {
    return unknown(
      'no-data',
      'This server leaves open whether updates install by themselves. Run sconfig, or set the policy “Configure Automatic Updates”.',
      method,
    );
  }
  const { reason, detail } = explainFault(fault);
  return unknown(reason, `How Windows Update is set could not be read. ${detail}`, method);
}
