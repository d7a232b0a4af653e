// Read from recorded output; not run on the system itself.
import type { systemIntegrity } from '@postern/shared/checks/system-integrity';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { answerSchema, protectionsOf, script, type IntegrityAnswer } from './windows-parse.ts';

type SystemIntegrity = z.infer<typeof systemIntegrity.value>;

const method = 'SystemStartOptions; Win32_DeviceGuard SecurityServicesRunning; HypervisorEnforcedCodeIntegrity';

/** Whether Windows loads only signed drivers, and the hypervisor guards its core. */
export async function readWindows(system: System): Promise<Finding<SystemIntegrity>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer) : asked;
}

/** The answer of the script as a finding; unknown only where nothing of it is known. */
export function judge(answer: IntegrityAnswer): Finding<SystemIntegrity> {
  const protections = protectionsOf(answer);
  if (protections.some(({ intact }) => intact !== null)) return found({ protections }, method);
  const { reason, detail } = explainFault(answer.start.fault ?? answer.runningFault);
  return unknown(reason, `How Windows was started could not be read. ${detail}`, method);
}
