import { numberOf, textOf, type RegistryValues } from '../windows/registry.ts';

/** One of the ways in which Windows locks: after so many seconds, not at all, or it cannot be said. */
export type Lock = number | 'never' | 'unclear';

/** Registry values of the same names: the user's, and the policy's, which win one by one. */
export interface Desktop {
  user: RegistryValues;
  policy: RegistryValues | undefined;
}

const never32 = 0xffff_ffff;

/**
 * The screen saver locks when it is on, asks for the password, has a time and, as Microsoft documents, a
 * program to show. What happens without one differs between versions: not counted, and not called off.
 */
export function screenSaverLock({ user, policy }: Desktop): Lock {
  const text = (name: string) => (policy && textOf(policy, name)) ?? textOf(user, name);
  const active = text('ScreenSaveActive');
  if (active === '0' || text('ScreenSaverIsSecure') !== '1') return 'never';
  const timeout = text('ScreenSaveTimeOut');
  const seconds = timeout !== undefined && /^\d{1,10}$/.test(timeout) ? Number(timeout) : undefined;
  if (seconds === 0) return 'never';
  if (active !== '1' || seconds === undefined || text('SCRNSAVE.EXE') === undefined) return 'unclear';
  return seconds;
}

/** The machine's own limit (`InactivityTimeoutSecs`). It locks by way of the screen saver, so one that is switched off makes it unclear. */
export function inactivityLock(machine: RegistryValues | undefined, { user, policy }: Desktop): Lock {
  if (machine === undefined) return 'unclear';
  const stored = machine.get('inactivitytimeoutsecs');
  if (stored === undefined) return 'never';
  const seconds = numberOf(machine, 'InactivityTimeoutSecs');
  if (seconds === undefined) return 'unclear';
  if (seconds === 0) return 'never';
  const active = (policy && textOf(policy, 'ScreenSaveActive')) ?? textOf(user, 'ScreenSaveActive');
  return active === '0' ? 'unclear' : seconds;
}

/** What powercfg says of one setting: plugged in, and on battery. */
export interface PowerSetting {
  ac: number;
  dc: number;
}

/**
 * Reads `powercfg /qh SCHEME SUBGROUP SETTING`. Every word is in the user's language, so the values are
 * known by their place: the last two lines with a hexadecimal number are AC and DC. A range has three such
 * lines before (least, most, step), a choice has none; any other count is a part of an answer.
 */
export function parsePowerSetting(text: string, kind: 'range' | 'choice'): PowerSetting | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const values = lines
    .flatMap((line) => /[:：]\s*0x([0-9a-f]{8})$/i.exec(line)?.[1] ?? [])
    .map((digits) => Number.parseInt(digits, 16));
  const [ac, dc] = values.slice(-2);
  if (values.length !== (kind === 'range' ? 5 : 2) || ac === undefined || dc === undefined) return undefined;
  return lines.slice(-2).every((line) => /0x[0-9a-f]{8}$/i.test(line)) ? { ac, dc } : undefined;
}

/** Power settings that decide about the lock; undefined where powercfg gave no answer. */
export interface Power {
  /** CONSOLELOCK: a password is needed on wakeup. */
  passwordOnWake: PowerSetting | undefined;
  /** STANDBYIDLE: seconds until sleep. */
  sleep: PowerSetting | undefined;
  /** VIDEOIDLE: seconds until the display goes dark. */
  display: PowerSetting | undefined;
}

/**
 * Sleep locks where waking needs a password, `DelayLockInterval` seconds later. A dark display locks only
 * on machines with modern standby, and nothing in the registry tells those apart: alone it is unclear.
 */
export function powerLock({ passwordOnWake, sleep, display }: Power, user: RegistryValues): Lock {
  const grace = user.has('delaylockinterval') ? numberOf(user, 'DelayLockInterval') : 0;
  if (passwordOnWake?.ac === 0 || passwordOnWake?.dc === 0 || grace === never32) return 'never';
  if (passwordOnWake === undefined || sleep === undefined || grace === undefined) return 'unclear';
  const longest = longerOf(sleep);
  if (longest !== 'never') return longest + grace;
  return display !== undefined && longerOf(display) === 'never' ? 'never' : 'unclear';
}

function longerOf({ ac, dc }: PowerSetting): number | 'never' {
  return ac === 0 || dc === 0 ? 'never' : Math.max(ac, dc);
}
