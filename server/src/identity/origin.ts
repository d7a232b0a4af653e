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
