const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of a length of time as policies and the API write it (`90m`, `1h30m`); 0 where it is none. */
export function secondsOf(text: string): number {
  if (!/^(?:\d+[wdhms])+$/.test(text)) return 0;
  return [...text.matchAll(/(\d+)([wdhms])/g)].reduce(
    (seconds, [, count = '0', unit = '']) => seconds + Number(count) * (units[unit] ?? 0),
    0,
  );
}

/** What people choose from where no template says. */
export const usualLengths: readonly number[] = [3600, 4 * 3600, 8 * 3600, 86_400];
