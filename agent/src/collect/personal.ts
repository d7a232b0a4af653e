import type { Platform } from '@postern/shared/checks/define';
import type { System } from './system.ts';

// What a policy names it names for everybody. A path in one person's home is about that person, and so is what they
// plugged in or mounted: there the agent looks at nothing that a policy names, whatever the reason.

/** Below them, each name is a person's; lower case. */
const places: Record<Platform, readonly RegExp[]> = {
  linux: [
    /^\/(?:var\/|export\/)?home(?:\/|$)/,
    /^\/root(?:\/|$)/,
    /^\/(?:run\/)?media(?:\/|$)/,
    /^\/(?:mnt|run\/user)(?:\/|$)/,
  ],
  macos: [
    /^\/users\/(?!shared(?:\/|$))/,
    /^\/(?:private\/)?var\/root(?:\/|$)/,
    /^\/volumes(?:\/|$)/,
    // A file by its number and not by its name.
    /^\/\.vol(?:\/|$)/,
  ],
  windows: [/^[a-z]:\\(?:users|documents and settings)\\(?!public(?:\\|$))/],
};
/** The same files once more, under the name of the volume that holds them. */
const dataVolume = /^\/system\/volumes\/data(?=\/)/;

/** Whether a path lies where only a person's own things are. It is to be asked of the path as named and as resolved. */
export function isPersonal({ platform, home }: Pick<System, 'platform' | 'home'>, path: string): boolean {
  const asked = comparable(platform, path);
  const own = comparable(platform, home);
  // A service may have no home, or the root folder.
  if (own.length > 3 && (asked === own || asked.startsWith(own + (platform === 'windows' ? '\\' : '/')))) return true;
  return places[platform].some((place) => place.test(asked));
}

function comparable(platform: Platform, path: string): string {
  if (platform === 'windows')
    return path
      .replace(/[\\/]+/g, '\\')
      .replace(/\\$/, '')
      .toLowerCase();
  const plain = path.replace(/\/+/g, '/').replace(/\/$/, '');
  return platform === 'macos' ? plain.toLowerCase().replace(dataVolume, '') : plain;
}
