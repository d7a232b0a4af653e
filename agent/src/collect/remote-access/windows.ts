// Read from recorded output; not run on the system itself.
import type { remoteAccess } from '@postern/shared/checks/remote-access';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { answerSchema, isRdpAllowed, rdpPortOf, script, servicesOf, type RemoteAnswer } from './windows-parse.ts';

type RemoteAccess = z.infer<typeof remoteAccess.value>;

const method = 'Get-NetTCPConnection -State Listen; fDenyTSConnections and its policy; RDP-Tcp PortNumber';

/** Which ways into this Windows wait for somebody from outside. */
export async function readWindows(system: System): Promise<Finding<RemoteAccess>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer) : asked;
}

/**
 * The answer of the script as a finding. Sockets say what is there. Without them, Remote Desktop that is
 * switched on is worth telling; that it is off says nothing of the other ways in.
 */
export function judge(answer: RemoteAnswer): Finding<RemoteAccess> {
  const port = rdpPortOf(answer);
  if (port === undefined) {
    return unknown(
      'output-unreadable',
      'The port of Remote Desktop is no number that a port can have. Look at PortNumber of RDP-Tcp in the registry.',
      method,
    );
  }
  // Some socket always waits on Windows: none at all is no answer.
  if (answer.sockets !== null && answer.sockets.length > 0) {
    return found({ services: servicesOf(answer.sockets, port), source: 'sockets' }, method);
  }
  if (isRdpAllowed(answer) === true) {
    return found({ services: [{ name: 'rdp', open: 'anywhere', port }], source: 'settings' }, method);
  }
  const { reason, detail } = explainFault(answer.socketsFault);
  return unknown(reason, `What waits for connections could not be listed. ${detail}`, method);
}
