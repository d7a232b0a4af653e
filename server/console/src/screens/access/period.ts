/** The beginning of a day (`2026-11-21`) here, as the API takes times; undefined where it is none. */
export function startOfDay(day: string | undefined): string | undefined {
  return timeOf(day, 0);
}

/** The end of it. */
export function endOfDay(day: string | undefined): string | undefined {
  return timeOf(day, 1);
}

function timeOf(day: string | undefined, later: number): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? [];
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const time = new Date(Number(year), Number(month) - 1, Number(date) + later);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
