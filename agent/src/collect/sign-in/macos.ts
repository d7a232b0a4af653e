// Read from recorded output; not run on the system itself.
import type { signIn } from '@postern/shared/checks/sign-in';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import { readPreferences } from '../macos/preferences.ts';
import type { System } from '../system.ts';
import { parseFileVault } from '../disk-encryption/macos-parse.ts';

type SignIn = z.infer<typeof signIn.value>;

const domain = 'com.apple.loginwindow';
const method = `${domain} autoLoginUser; /etc/kcpassword; fdesetup status`;

/**
 * Whether the Mac signs somebody in when it starts. It takes a name in the preferences and that person's password in
 * /etc/kcpassword, of which only the presence is looked at. Whether a person's password is empty could be found out by
 * trying one, which counts as a failed sign-in and may lock the account, so that it is not told.
 */
export async function readMacos(system: System): Promise<Finding<SignIn>> {
  const preferences = await readPreferences(system, domain);
  if (preferences.outcome !== 'read') return preferences.finding;
  const user = preferences.get('autoLoginUser');
  // Without its file nobody ever set a name, as long as it can be seen that there is no such file.
  if (user === undefined && (await system.list('/Library/Preferences')) === undefined) {
    return unknown(
      'no-data',
      'The preferences of this Mac cannot be listed, so that nothing tells whom it signs in. Let the agent run as root.',
      method,
    );
  }
  if (user === undefined || user === '') return off();
  if (typeof user !== 'string') {
    return unknown(
      'output-unreadable',
      'The setting for automatic sign-in holds no name. Choose Off in System Settings, Users & Groups.',
      method,
    );
  }
  // Somebody switched it off by hand, and the name was left behind: macOS then asks.
  const etc = await system.list('/etc');
  if (etc !== undefined && !etc.includes('kcpassword')) return off();
  // The password that opens the disk comes first, and macOS ignores the setting.
  const fileVault = await system.run('/usr/bin/fdesetup', ['status']);
  if (fileVault.outcome === 'exited' && fileVault.code === 0 && parseFileVault(fileVault.stdout) === 'on') return off();
  return found({ automatic: true, passwordSet: null, mechanism: 'loginwindow' }, method);
}

function off(): Finding<SignIn> {
  return found({ automatic: false, passwordSet: null, mechanism: null }, method);
}
