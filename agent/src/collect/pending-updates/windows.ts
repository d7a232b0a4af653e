// Read from recorded output; not run on the system itself.
import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import type { Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { answerSchema, countOf, refreshedAt, restartRequired, script, type PendingAnswer } from './windows-parse.ts';

type PendingUpdates = z.infer<typeof pendingUpdates.value>;

const method = 'Microsoft.Update.Session Search IsInstalled=0 and IsHidden=0, offline; RebootRequired, RebootPending';
const succeeded = 2;

/** What Windows Update knows of and has not installed. */
export async function readWindows(system: System): Promise<Finding<PendingUpdates>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer, system.clock.now()) : asked;
}

/** The answer of the script as a finding. */
export function judge(answer: PendingAnswer, now: Instant): Finding<PendingUpdates> {
  const { updates, total } = answer;
  if (updates === null) return failed(answer.fault);
  if (answer.result !== succeeded || total === null || total < updates.length) {
    return unknown(
      'no-data',
      'Windows Update did not finish its search. Open Settings, Windows Update, and look there.',
      method,
    );
  }
  const listRefreshedAt = refreshedAt(answer, now);
  if (total === 0 && listRefreshedAt === null) {
    return unknown(
      'no-data',
      'Windows has never looked for updates, so that it knows of none. Open Settings, Windows Update, Check for updates.',
      method,
    );
  }
  const { count, securityCount } = countOf(updates);
  // What was not looked at closely counts, and may be about security.
  const more = total - updates.length;
  return found(
    {
      count: count + more,
      securityCount: more === 0 ? securityCount : null,
      restartRequired: restartRequired(answer.restart),
      listRefreshedAt,
      source: 'windows-update',
    },
    method,
  );
}

function failed(fault: string | null): Finding<never> {
  if (fault !== null && /0x80070422/i.test(fault)) {
    return unknown(
      'failed',
      'The service Windows Update (wuauserv) is switched off. Ask an administrator to switch it on.',
      method,
    );
  }
  const { reason, detail } = explainFault(fault);
  return unknown(reason, `Windows Update could not be asked. ${detail}`, method);
}
