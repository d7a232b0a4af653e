import type { screenLock } from '@postern/shared/checks/screen-lock';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import { readProcesses } from '../processes.ts';
import { holdsStrange } from '../strange-characters.ts';
import type { System } from '../system.ts';

const channel = 'xfce4-screensaver';
const method = `xfconf-query -c ${channel} -lv`;
const screensaver = '/usr/bin/xfce4-screensaver';
/** All are on where nobody touched them. */
const switchNames = [
  '/saver/enabled',
  '/saver/idle-activation/enabled',
  '/lock/enabled',
  '/lock/saver-activation/enabled',
];

/** What xfce4-screensaver is told. What was never changed is not listed, and its defaults lock after five minutes. */
export async function readXfce(system: System): Promise<Finding<z.infer<typeof screenLock.value>>> {
  if ((await system.realPath(screensaver)) === undefined) {
    return unknown(
      'tool-absent',
      'xfce4-screensaver is not installed, and Postern cannot read other lockers of Xfce. Install it.',
      screensaver,
    );
  }
  const { byName, complete } = await readProcesses(system);
  // The first fifteen characters are all that the kernel keeps of a name.
  if (complete && !byName.has('xfce4-screensav')) {
    return unknown(
      'no-data',
      'xfce4-screensaver does not run, so that Postern cannot tell what locks the screen. Start it, and let it start with the session.',
      '/proc/*/comm',
    );
  }
  const result = await system.run('/usr/bin/xfconf-query', ['-c', channel, '-lv']);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'xfconf-query'), method };
  const neverChanged = result.code !== 0 && /channel .* does not exist/i.test(result.stdout + result.stderr);
  if (result.code !== 0 && !neverChanged) {
    return unknown(
      'not-in-user-session',
      'The settings of Xfce cannot be asked from here. Run the agent in the desktop session.',
      method,
    );
  }
  const properties = neverChanged ? new Map<string, string>() : parseProperties(result.stdout);
  if (properties === undefined) {
    return unknown(
      'output-unreadable',
      'xfconf-query printed something else than settings. Run “xfconf-query -c xfce4-screensaver -lv” and compare.',
      method,
    );
  }
  const stated = minutesOf(properties.get('/saver/idle-activation/delay'), 5);
  // The program makes ten minutes of none, and eight hours of more (gs-prefs.c).
  const idle = stated === 0 ? 10 : stated;
  const lock = minutesOf(properties.get('/lock/saver-activation/delay'), 0);
  const switches = switchNames.map((name) => properties.get(name) ?? 'true');
  if (idle === undefined || lock === undefined || !switches.every((state) => state === 'true' || state === 'false')) {
    return unknown(
      'output-unreadable',
      'Xfce did not tell its lock delay as a number, or a switch as true or false. Set it again in Settings, Screensaver.',
      method,
    );
  }
  const enabled = !switches.includes('false');
  return found({ enabled, delaySeconds: enabled ? (idle + lock) * 60 : null, desktop: 'xfce' }, method);
}

/** Lines of a name, blanks and a value. Undefined where anything else stands there: a channel that exists holds some. */
function parseProperties(text: string): Map<string, string> | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0 || holdsStrange(text)) return undefined;
  const pairs = lines.map((line) => /^(\/[A-Za-z0-9_/<>.:,-]{1,200})(?:[ \t]+(\S.*))?$/.exec(line.trimEnd()));
  return pairs.includes(null) ? undefined : new Map(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

function minutesOf(text: string | undefined, fallback: number): number | undefined {
  if (text === undefined) return fallback;
  return /^\d{1,4}$/.test(text) ? Math.min(480, Number(text)) : undefined;
}
