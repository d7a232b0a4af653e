// Read from recorded output; not run on the system itself.
import type { antivirus } from '@postern/shared/checks/antivirus';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import {
  answerSchema,
  defenderOf,
  productOf,
  script,
  watchersOf,
  type AntivirusAnswer,
  type Product,
} from './windows-parse.ts';

type Antivirus = z.infer<typeof antivirus.value>;

const method = 'SecurityCenter2 AntiVirusProduct productState; Get-MpComputerStatus; services of known EDR';
const most = 16;

/** Which protection against malware Windows knows of, and whether it runs. */
export async function readWindows(system: System): Promise<Finding<Antivirus>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer) : asked;
}

/** The answer of the script as a finding. An empty list says that nothing protects; where one could hide, it is unknown. */
export function judge(answer: AntivirusAnswer): Finding<Antivirus> {
  const watchers = watchersOf(answer);
  if (answer.products !== null) return list([...answer.products.map(productOf), ...watchers]);
  const defender = defenderOf(answer);
  if (defender !== undefined) return list([defender, ...watchers]);
  if (watchers.length > 0) return list(watchers);
  if (isServer(answer.productsFault)) {
    return unknown(
      'no-data',
      'A Windows server does not list protection against malware, and Microsoft Defender gave no answer here. Tell an admin what protects it.',
      method,
    );
  }
  const { reason, detail } = explainFault(answer.productsFault);
  return unknown(reason, `Windows could not be asked for protection against malware. ${detail}`, method);
}

/** What runs comes first, and is not cut off. */
function list(products: readonly Product[]): Finding<Antivirus> {
  const sorted = products.toSorted((one, other) => Number(other.running) - Number(one.running));
  return found({ products: sorted.slice(0, most) }, method);
}

/** There is no such namespace: Security Center is not a part of servers. */
function isServer(fault: string | null): boolean {
  return /0x8004100e/i.test(fault ?? '');
}
