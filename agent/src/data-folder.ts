import { posix, win32 } from 'node:path';
import type { Platform } from '@postern/shared/checks/define';

interface Place {
  platform: Platform;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}

/** Where the agent keeps its key and its state: POSTERN_AGENT_DATA, or where each system keeps such things. */
export function dataFolderOf({ platform, env, home }: Place): string {
  const chosen = env['POSTERN_AGENT_DATA'];
  const path = platform === 'windows' ? win32 : posix;
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  switch (platform) {
    case 'linux':
      // XDG Base Directory Specification: a relative path there is to be ignored.
      return path.join(absolute(env['XDG_DATA_HOME']) ?? path.join(home, '.local', 'share'), 'postern-agent');
    case 'macos':
      return path.join(home, 'Library', 'Application Support', 'postern-agent');
    case 'windows':
      return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'postern-agent');
  }
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && posix.isAbsolute(path) ? path : undefined;
}
