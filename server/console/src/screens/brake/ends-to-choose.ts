const hour = 3_600_000;

/** How much longer it may hold, in hours that are usual; the last one is as long as it can. */
export function endsToChoose(endsAt: string, latestEnd: string): { hours: number | undefined; until: string }[] {
  const [from, latest] = [Date.parse(endsAt), Date.parse(latestEnd)];
  if (from >= latest) return [];
  const usual = [4, 24, 72]
    .filter((hours) => from + hours * hour < latest)
    .map((hours) => ({ hours, until: new Date(from + hours * hour).toISOString() }));
  return [...usual, { hours: undefined, until: latestEnd }];
}
