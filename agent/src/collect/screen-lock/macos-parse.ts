/** Seconds until something happens by itself; `never`; or `unset` where nobody chose and the system's own default holds. */
export type Wait = number | 'never' | 'unset';

const minute = 60;
/** What the system stores for "no password needed", beside saying "off". */
const intMax = 2_147_483_647;

/**
 * Reads `sysadminctl -screenLock status`: how long after the screen goes dark a password is needed.
 * The sentence comes on stderr behind a time and a process id, and "immediate" has no digits.
 */
export function parsePasswordDelay(text: string): Wait | undefined {
  const sentences = [...text.matchAll(/(?:^|\] )screenLock (.{1,80})$/gm)].map(
    ([, sentence]) => sentence?.trim() ?? '',
  );
  const [sentence] = sentences;
  if (sentence === undefined || sentences.some((other) => other !== sentence)) return undefined;
  if (sentence === 'is off') return 'never';
  if (sentence === 'delay is immediate') return 0;
  const seconds = /^delay is (-?\d{1,10})(?:\.\d+)? seconds?$/.exec(sentence)?.[1];
  if (seconds === undefined) return undefined;
  return Number(seconds) < 0 || Number(seconds) >= intMax ? 'never' : Number(seconds);
}

/** Reads `defaults read … idleTime`: its answer, or its sentence on stderr that nobody has set one. */
export function parseIdleTime(stdout: string, stderr: string): Wait | undefined {
  if (/does not exist\s*$/.test(stderr) && stdout.trim() === '') return 'unset';
  // Without its line end it may have lost its last digits.
  const seconds = /^(\d{1,10})\n$/.exec(stdout)?.[1];
  if (seconds === undefined) return undefined;
  return Number(seconds) === 0 ? 'never' : Number(seconds);
}

/**
 * Reads the longest wait of all power sources from `pmset -g custom` (minutes, 0 is never). A machine
 * that stays open for an hour at the desk is open for an hour, however soon it darkens on battery.
 */
export function parseDisplaySleep(text: string): Wait | undefined {
  // A heading that was spoilt would leave the waits of one source to another.
  const isKnown = (line: string) =>
    line === '' || line.startsWith(' ') || /^[A-Z][A-Za-z ]{1,20} Power:[ \t]*$/.test(line);
  if (!text.endsWith('\n') || /[^\n\t\x20-\x7e]/.test(text) || !text.split('\n').every(isKnown)) return undefined;
  const sections = text.split(/^(?=\S.* Power:\s*$)/m).filter((section) => /^\S.* Power:\s*$/m.test(section));
  const minutes = sections.map((section) => /^ +displaysleep +(\d{1,6})\s*$/m.exec(section)?.[1]);
  if (minutes.length === 0 || minutes.includes(undefined)) return undefined;
  if (minutes.some((value) => Number(value) === 0)) return 'never';
  return Math.max(...minutes.map(Number)) * minute;
}
