const schemes: ReadonlySet<string> = new Set(['https:', 'x-apple.systempreferences:', 'ms-settings:']);

/** The address where something is fixed. Others than pages and settings panes are no link: a policy is text of somebody. */
export function fixLink(link: string | null): string | undefined {
  if (link === null) return undefined;
  const scheme = /^[a-z][a-z\d.+-]*:/i.exec(link)?.[0].toLowerCase();
  return scheme !== undefined && schemes.has(scheme) ? link : undefined;
}

/** The same for who does not sit at the device: panes of its settings are of no use to them. */
export function fixPage(link: string | null): string | undefined {
  const known = fixLink(link);
  return known?.toLowerCase().startsWith('https:') === true ? known : undefined;
}
