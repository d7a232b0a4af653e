const schemes: ReadonlySet<string> = new Set(['https:', 'x-apple.systempreferences:', 'ms-settings:']);

/** The address where something is fixed. Others than pages and settings panes are no link: a policy is text of somebody. */
export function fixLink(link: string | null): string | undefined {
  if (link === null) return undefined;
  const scheme = /^[a-z][a-z\d.+-]*:/i.exec(link)?.[0].toLowerCase();
  return scheme !== undefined && schemes.has(scheme) ? link : undefined;
}
