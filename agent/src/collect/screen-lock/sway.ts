import type { screenLock } from '@postern/shared/checks/screen-lock';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import { readProcesses } from '../processes.ts';
import type { System } from '../system.ts';

/**
 * sway never locks by itself: swayidle does it, when it runs. Its command line is read where it runs rather
 * than where somebody configured it, for it may be started by systemd, by sway or by hand.
 */
export async function readSway(system: System): Promise<Finding<z.infer<typeof screenLock.value>>> {
  const { byName } = await readProcesses(system);
  // The second is what Nix makes of it.
  const ids = [...(byName.get('swayidle') ?? []), ...(byName.get('.swayidle-wrapp') ?? [])];
  if (ids.length === 0) {
    return unknown(
      'no-data',
      'No swayidle is running, so that Postern cannot tell what locks the screen. Start it with a timeout for swaylock.',
      '/proc/*/comm',
    );
  }
  const timeouts: Timeout[] = [];
  for (const id of ids) {
    const line = await system.readFile(`/proc/${id}/cmdline`);
    if (line.outcome !== 'read') continue;
    const words = line.text.split('\0');
    timeouts.push(...timeoutsOf(words), ...(await timeoutsOfFile(system, words)));
  }
  const method = '/proc/*/cmdline of swayidle';
  const locking = timeouts.filter(({ command }) => locker.test(command)).map(({ seconds }) => seconds);
  if (locking.length > 0) {
    return found({ enabled: true, delaySeconds: Math.min(1_000_000, ...locking), desktop: 'sway' }, method);
  }
  if (timeouts.some(({ command }) => !harmless.test(command))) {
    return unknown(
      'no-data',
      'swayidle runs a command that Postern does not know, so that it cannot tell whether the screen locks. Give it a timeout for swaylock.',
      method,
    );
  }
  return found({ enabled: false, delaySeconds: null, desktop: 'sway' }, method);
}

interface Timeout {
  seconds: number;
  command: string;
}

/** By the name of the program, wherever it lies; swayidle passes `lock-session` on to the locker that it was given. */
const locker =
  /(?:^|[\s/;&|'"(])(?:swaylock|gtklock|waylock|hyprlock|wlock|loginctl\s+lock-sessions?)(?=$|[\s;&|'")-])/;
/** What darkens the screen, tells the person or puts the machine to sleep, and locks nothing. */
const harmless =
  /^\s*(?:\S*\/)?(?:swaymsg|wlr-randr|brightnessctl|light|notify-send|playerctl|systemctl\s+(?:suspend|hibernate|poweroff))\b[^;&|]*$/;

/** Each `timeout <seconds> <command>`. */
function timeoutsOf(words: readonly string[]): Timeout[] {
  return words.flatMap((word, at) => {
    const [seconds, command] = [words[at + 1] ?? '', words[at + 2] ?? ''];
    return word === 'timeout' && /^[1-9]\d{0,6}$/.test(seconds) ? [{ seconds: Number(seconds), command }] : [];
  });
}

async function timeoutsOfFile(system: System, words: readonly string[]): Promise<Timeout[]> {
  const option = words.indexOf('-C');
  const config =
    system.env['XDG_CONFIG_HOME']?.startsWith('/') === true ? system.env['XDG_CONFIG_HOME'] : `${system.home}/.config`;
  const named = option < 0 ? undefined : words[option + 1];
  const paths = named === undefined ? [`${config}/swayidle/config`, '/etc/swayidle/config'] : [named];
  for (const path of paths) {
    const file = await system.readFile(path);
    if (file.outcome === 'read') return file.text.split('\n').flatMap((line) => timeoutsOf(wordsOf(line)));
  }
  return [];
}

/** `timeout 300 'swaylock -f'`, as a shell would part it. */
function wordsOf(line: string): string[] {
  if (line.trim().startsWith('#')) return [];
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
