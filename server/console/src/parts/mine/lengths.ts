const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a length of time as the API writes it (`90m`); 0 where it is none. */
export function secondsOf(text: string): number {
  const [, count = '0', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  return Number(count) * (units[unit] ?? 0);
}

/** What people choose from where no template says. */
export const usualLengths: readonly number[] = [3600, 4 * 3600, 8 * 3600, 86_400];
