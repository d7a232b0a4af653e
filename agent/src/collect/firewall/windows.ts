// Read from recorded output; not run on the system itself.
import type { firewall } from '@postern/shared/checks/firewall';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { activeProducts, answerSchema, profilesOf, script, type FirewallAnswer } from './windows-parse.ts';

type Firewall = z.infer<typeof firewall.value>;

const method = 'Get-NetFirewallProfile -PolicyStore ActiveStore; SecurityCenter2 FirewallProduct';

/** Whether Windows' own firewall is on for every kind of network, or another maker's product filters instead. */
export async function readWindows(system: System): Promise<Finding<Firewall>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer) : asked;
}

/** The answer of the script as a finding. A third party counts only while Security Center calls it on. */
export function judge(answer: FirewallAnswer): Finding<Firewall> {
  const profiles = profilesOf(answer);
  const others = activeProducts(answer);

  if (others.length > 0) {
    const provider = others.join(', ').slice(0, 64).trim();
    return found({ enabled: true, provider, ...(profiles === undefined ? {} : { profiles }) }, method);
  }
  if (profiles === undefined) {
    const { reason, detail } = explainFault(answer.profilesFault);
    return unknown(reason, `The state of Windows Firewall could not be read. ${detail}`, method);
  }
  const enabled = Object.values(profiles).every(Boolean);
  // Off, while nobody could tell whether another product has taken over: not known. Servers have no
  // Security Center (invalid namespace), so there it is known.
  const othersUnknown = answer.products === null && !/0x8004100e/i.test(answer.productsFault ?? '');
  if (!enabled && othersUnknown) {
    const { reason, detail } = explainFault(answer.productsFault);
    return unknown(
      reason,
      `Windows Firewall is off, and whether another firewall replaces it could not be read. ${detail}`,
      method,
    );
  }
  return found({ enabled, provider: 'windows-firewall', profiles }, method);
}
