// Read from recorded output; not run on the system itself.
import type { osVersion } from '@postern/shared/checks/os-version';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

type OsVersion = z.infer<typeof osVersion.value>;

const tool = '/usr/bin/sw_vers';
const method = 'sw_vers -productVersion -buildVersion -productVersionExtra';

/** `15.1`, or undefined where the text is no version. */
export function parseProductVersion(text: string): string | undefined {
  return /^\d{2}(?:\.\d{1,3}){0,2}$/.exec(text.trim())?.[0];
}

/** `24B83`, or with the letter of a Rapid Security Response `22F770820b`. */
export function parseBuildVersion(text: string): string | undefined {
  return /^\d{2}[A-Z]\d{1,9}[a-z]?$/.exec(text.trim())?.[0];
}

/** `(a)`: what a Rapid Security Response or a Background Security Improvement adds to the version. Empty without one; before 13.3 the option is a usage error. */
export function parseVersionExtra(text: string): string | undefined {
  return /^\([a-z]\)$/.exec(text.trim())?.[0];
}

/**
 * Whether version and build speak of one macOS. They do not where somebody made sw_vers tell the version that programs
 * made for an older system are shown: 10.16 for 11 and later, 16 for 26.
 */
export function belongTogether(version: string, build: string): boolean {
  const kernel = Number.parseInt(build, 10);
  return Number.parseInt(version, 10) === (kernel < 25 ? kernel - 9 : kernel + 1);
}

/** Version and build of macOS. */
export async function readMacos(system: System): Promise<Finding<OsVersion>> {
  const [version, build, extra] = await Promise.all([
    system.run(tool, ['-productVersion']),
    system.run(tool, ['-buildVersion']),
    system.run(tool, ['-productVersionExtra']),
  ]);
  if (version.outcome !== 'exited') return { ...unanswered(version, 'sw_vers'), method };
  if (build.outcome !== 'exited') return { ...unanswered(build, 'sw_vers'), method };

  const versionText = parseProductVersion(version.stdout);
  const buildText = parseBuildVersion(build.stdout);
  if (versionText === undefined || buildText === undefined) {
    return unknown(
      'output-unreadable',
      'sw_vers printed no version that is understood. Run sw_vers in Terminal and compare.',
      method,
    );
  }
  if (!belongTogether(versionText, buildText)) {
    return unknown(
      'output-unreadable',
      'sw_vers told a version and a build of different systems. Look in System Settings, General, About, and tell support.',
      method,
    );
  }
  const suffix = extra.outcome === 'exited' && extra.code === 0 ? parseVersionExtra(extra.stdout) : undefined;
  return found(
    {
      platform: 'macos',
      id: 'macos',
      // The suffix stands in the name and not in the version: versions are compared number by number.
      name: `macOS ${versionText}${suffix === undefined ? '' : ` ${suffix}`}`,
      version: versionText,
      build: buildText,
      supportEndsOn: null,
    },
    method,
  );
}
