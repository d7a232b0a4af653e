// Read from recorded output; not run on the system itself.
import type { browsers } from '@postern/shared/checks/browsers';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { askPowerShell, explainFault } from '../windows/powershell.ts';
import { isAbsent } from '../windows/registry-script.ts';
import { answerSchema, browsersOf, script, type BrowsersAnswer } from './windows-parse.ts';

type Browsers = z.infer<typeof browsers.value>;

const method = 'Uninstall keys of HKLM (both views), HKCU and HKEY_USERS; Get-AppxPackage';

/** Which browsers are installed, for everybody and for those whose settings are loaded. */
export async function readWindows(system: System): Promise<Finding<Browsers>> {
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? judge(asked.answer) : asked;
}

/** The answer of the script as a finding. A list that could not be read may hide the oldest browser of all. */
export function judge(answer: BrowsersAnswer): Finding<Browsers> {
  const lists = [answer.machine, answer.machine32, answer.own];
  const failed = lists.find(({ programs, fault }) => programs === null && !isAbsent(fault));
  if (failed === undefined && answer.readable) return found({ browsers: browsersOf(answer) }, method);
  const { reason, detail } = explainFault(failed?.fault ?? null);
  return unknown(reason, `The list of installed programs could not be read. ${detail}`, method);
}
