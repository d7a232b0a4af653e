// Read from recorded output; not run on the system itself.
import type { deviceManagement } from '@postern/shared/checks/device-management';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { isAbsent } from '../windows/registry-script.ts';
import { answerSchema, directoryOf, managerOf, script, type ManagementAnswer } from './windows-parse.ts';

type DeviceManagement = z.infer<typeof deviceManagement.value>;

const method = 'Win32_ComputerSystem PartOfDomain; CloudDomainJoin\\JoinInfo; Microsoft\\Enrollments; CcmExec';

/**
 * Who manages this machine, as it says itself. A work account that somebody added (registered, not joined)
 * belongs to a person and not to the machine: it does not count.
 */
export async function readWindows(system: System): Promise<Finding<DeviceManagement>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer) : asked;
}

/** The answer of the script as a finding. Only where every place could be looked at is the answer "nobody". */
export function judge(answer: ManagementAnswer): Finding<DeviceManagement> {
  const mdm = managerOf(answer);
  const directory = directoryOf(answer);
  const isSeen = typeof mdm === 'string' || typeof directory === 'string';
  if (isSeen || (mdm === null && directory === null)) {
    return found({ managed: isSeen, mdm: mdm ?? null, directory: directory ?? null }, method);
  }
  const faults = [answer.domainFault, answer.joinsFault, answer.enrollmentsFault];
  const { reason, detail } = explainFault(faults.find((fault) => fault !== null && !isAbsent(fault)) ?? null);
  return unknown(reason, `Whether somebody manages this machine could not be read. ${detail}`, method);
}
