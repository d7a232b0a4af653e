// Read from recorded output; not run on the system itself.
import type { deviceManagement } from '@postern/shared/checks/device-management';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { isRegisteredWithEntra, parseDirectory, parseEnrollment } from './macos-parse.ts';

type DeviceManagement = z.infer<typeof deviceManagement.value>;

const method = 'profiles status -type enrollment; dsconfigad -show; app-sso platform -s';

/** Who manages this Mac, as it says itself. Only where both places could be looked at is the answer "nobody". */
export async function readMacos(system: System): Promise<Finding<DeviceManagement>> {
  const [profiles, directory] = await Promise.all([
    system.run('/usr/bin/profiles', ['status', '-type', 'enrollment']),
    readDirectory(system),
  ]);
  const enrollment =
    profiles.outcome === 'exited' && profiles.code === 0 ? parseEnrollment(profiles.stdout) : undefined;
  const name = directory === 'none' || directory === undefined ? null : directory;
  if (enrollment?.enrolled === true || name !== null) {
    return found({ managed: true, mdm: enrollment?.mdm ?? null, directory: name }, method);
  }
  if (enrollment !== undefined && directory === 'none') {
    return found({ managed: false, mdm: null, directory: null }, method);
  }
  if (enrollment === undefined && profiles.outcome !== 'exited') return { ...unanswered(profiles, 'profiles'), method };
  return unknown(
    'output-unreadable',
    `${enrollment === undefined ? 'profiles' : 'dsconfigad'} did not say whether an organisation manages this Mac. Look in System Settings, General, Device Management.`,
    method,
  );
}

async function readDirectory(system: System): Promise<'active-directory' | 'entra-id' | 'none' | undefined> {
  const domain = await system.run('/usr/sbin/dsconfigad', ['-show']);
  const directory =
    domain.outcome === 'exited' && domain.code === 0 ? parseDirectory(`${domain.stdout}${domain.stderr}`) : undefined;
  if (directory === 'active-directory') return directory;
  const platform = await system.run('/usr/bin/app-sso', ['platform', '-s']);
  if (platform.outcome === 'exited' && isRegisteredWithEntra(platform.stdout)) return 'entra-id';
  return directory;
}
