import { Fault } from '@postern/shared/protocol/errors';

type HeaderOf = (name: string) => string | undefined;

/**
 * Refuses what a browser says comes from elsewhere than the console of this issuer, or does not say. Its second word for it
 * (Fetch Metadata) must not disagree; browsers that are too old for it leave it out.
 *
 * @throws Fault origin_refused
 */
export function refuseOtherOrigin(issuer: string, header: HeaderOf): void {
  if (header('origin') !== new URL(issuer).origin) throw new Fault('origin_refused');
  const site = header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') throw new Fault('origin_refused');
}

/**
 * Refuses what a page of another origin reads in the name of its visitor: it would learn nothing of the answer but how long it
 * took and whether it was one, and could use up what somebody may have open at a time. A neighbour on the same site gets cookies
 * sent along, whatever SameSite says. Whoever follows a link is let through.
 *
 * @throws Fault origin_refused
 */
export function refuseOtherPages(header: HeaderOf): void {
  const site = header('sec-fetch-site');
  if (site !== 'same-site' && site !== 'cross-site') return;
  if (header('sec-fetch-mode') !== 'navigate') throw new Fault('origin_refused');
}
