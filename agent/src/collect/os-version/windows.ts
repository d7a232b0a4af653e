// Read from recorded output; not run on the system itself.
import type { osVersion } from '@postern/shared/checks/os-version';
import { humanLine } from '@postern/shared/text';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { numberOf, readKey, textOf, type RegistryValues } from '../windows/registry.ts';

type OsVersion = z.infer<typeof osVersion.value>;

const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const method = `reg query ${key}`;
const firstBuildOf11 = 22_000;

/**
 * What the registry says of this Windows, or undefined where it does not say enough. The kernel's own
 * version and `CurrentVersion` (6.3 since Windows 8.1) are wrong on purpose, for old programs; the
 * update revision (UBR) stands nowhere else.
 */
export function parseWindowsVersion(values: RegistryValues): OsVersion | undefined {
  const build = textOf(values, 'CurrentBuildNumber');
  const revision = numberOf(values, 'UBR');
  const name = humanLine({ max: 120 }).safeParse(textOf(values, 'ProductName'));
  if (build === undefined || !/^\d{4,6}$/.test(build) || revision === undefined || !name.success) return undefined;

  const major = numberOf(values, 'CurrentMajorVersionNumber');
  const minor = numberOf(values, 'CurrentMinorVersionNumber');
  // Far more than any Windows has, and less than what is left of a number that was spoilt.
  if (major === undefined || minor === undefined || major > 99 || minor > 99 || revision > 99_999) return undefined;
  return {
    platform: 'windows',
    id: 'windows',
    name: trueName(name.data, Number(build), textOf(values, 'InstallationType')),
    version: `${major}.${minor}.${build}`,
    build: `${build}.${revision}`,
    edition: /^[A-Za-z0-9]{1,64}$/.exec(textOf(values, 'EditionID') ?? '')?.[0] ?? null,
    supportEndsOn: null,
  };
}

/** Windows 11 still calls itself Windows 10 in the registry. Servers share its builds and say their name rightly. */
function trueName(name: string, build: number, installation: string | undefined): string {
  const isServer = installation?.startsWith('Server') === true;
  return build >= firstBuildOf11 && !isServer ? name.replace(/^Windows 10\b/, 'Windows 11') : name;
}

/** Version, build and update revision of Windows. */
export async function readWindows(system: System): Promise<Finding<OsVersion>> {
  const result = await readKey(system, key);
  if (result.outcome === 'not-there') {
    return unknown(
      'permission-denied',
      'Windows did not let this user read its version from the registry. Ask an administrator to check.',
      method,
    );
  }
  if (result.outcome === 'unreadable') {
    return unknown(
      'output-unreadable',
      'reg.exe printed something else than a registry key. Check that it is Windows’ own.',
      method,
    );
  }
  if (result.outcome !== 'read') return { ...unanswered(result, 'reg.exe'), method };
  const value = parseWindowsVersion(result.values);
  if (value !== undefined) return found(value, method);
  return unknown(
    'output-unreadable',
    'The registry lacks the build or the update revision (UBR) of Windows. Install pending updates and check again.',
    method,
  );
}
