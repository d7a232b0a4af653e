// Read from recorded output; not run on the system itself.
import type { lastUpdate } from '@postern/shared/checks/last-update';
import { toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { answerSchema, newestInHistory, newestPackage, script, type LastUpdateAnswer } from './windows-parse.ts';

type LastUpdate = z.infer<typeof lastUpdate.value>;

const method = 'Microsoft.Update.Session QueryHistory; Component Based Servicing, Package_for_RollupFix';

/** When Windows last installed an update that mends it. */
export async function readWindows(system: System): Promise<Finding<LastUpdate>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer, system.clock.now()) : asked;
}

/** The answer of the script as a finding. What came by WSUS or by hand may stand in one place only, so the newer counts. */
export function judge(answer: LastUpdateAnswer, now: Instant): Finding<LastUpdate> {
  const byHistory = answer.history === null ? undefined : newestInHistory(answer.history, now);
  const byPackage = answer.packages === null ? undefined : newestPackage(answer.packages, now);
  if (byPackage !== undefined && byPackage > (byHistory ?? 0)) {
    return found({ installedAt: toTimestamp(byPackage), source: 'component-servicing' }, method);
  }
  if (byHistory !== undefined) return found({ installedAt: toTimestamp(byHistory), source: 'windows-update' }, method);
  const fault = answer.historyFault ?? answer.packagesFault;
  if (fault !== null) {
    const { reason, detail } = explainFault(fault);
    return unknown(reason, `The history of updates could not be read. ${detail}`, method);
  }
  return unknown(
    'no-data',
    'Windows names no update that was installed. Open Settings, Windows Update, and install what is offered.',
    method,
  );
}
