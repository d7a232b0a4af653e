// Read from recorded output; not run on the system itself.
import type { signIn } from '@postern/shared/checks/sign-in';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { readValue, textOf } from '../windows/registry.ts';

type SignIn = z.infer<typeof signIn.value>;

const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
const method = `reg query ${key} /v AutoAdminLogon`;
/** Winlogon cannot do without it, so that a key that shows it was readable. */
const alwaysThere = 'Userinit';

/**
 * Whether Winlogon signs somebody in at the start. Only the one value is read: beside it stand the name and,
 * where somebody was careless, the password. Whether the user has a password is told to administrators only.
 */
export async function readWindows(system: System): Promise<Finding<SignIn>> {
  const result = await readValue(system, key, 'AutoAdminLogon');
  if (result.outcome === 'read') return judge(textOf(result.values, 'AutoAdminLogon'));
  if (result.outcome === 'not-there') {
    const witness = await readValue(system, key, alwaysThere);
    if (witness.outcome === 'read') return found(notAutomatic, method);
    return unknown(
      'permission-denied',
      'Windows did not let this user read how it signs in. Ask an administrator to check.',
      method,
    );
  }
  if (result.outcome === 'unreadable') return unreadable();
  return { ...unanswered(result, 'reg.exe'), method };
}

const notAutomatic: SignIn = { automatic: false, passwordSet: null, mechanism: null };

/** It is text, although it is a number: `1` is on. `reg query` prints a DWORD as 0x1. */
function judge(value: string | undefined): Finding<SignIn> {
  if (value === undefined || /^(?:0x)?0+$/.test(value)) return found(notAutomatic, method);
  if (/^(?:0x)?0*[1-9]\d*$/.test(value)) {
    return found({ automatic: true, passwordSet: null, mechanism: 'winlogon' }, method);
  }
  return unreadable();
}

function unreadable(): Finding<never> {
  return unknown(
    'output-unreadable',
    'The registry says neither yes nor no to automatic sign-in. Run netplwiz and look there.',
    method,
  );
}
