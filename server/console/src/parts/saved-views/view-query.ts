/** Filters as a view keeps them: as in an address, in an order of their own, so that equal filters are equal texts. */
export function viewQuery(search: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(search).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
  return new URLSearchParams(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))).toString();
}

/** The filters of a view, as a screen reads them from the address. */
export function searchOfView(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}
