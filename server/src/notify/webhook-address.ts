import { isIP } from 'node:net';
import { Fault } from '@postern/shared/protocol/errors';
import { isPublicAddress } from './addresses.ts';

/** Whether the operator named the host of an address: it may be inside, and need not have TLS. */
export function isNamedHost(url: URL, webhookHosts: readonly string[]): boolean {
  const bare = hostOf(url);
  return webhookHosts.some((named) => {
    const host = named.toLowerCase();
    return host === url.hostname || host === url.host || host === bare;
  });
}

/** The host of an address; of IPv6 without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * The address that a webhook goes to, as it is called. The URL parser has made `0x7f.1` and `2130706433` what they are.
 * What a name stands for is looked at whenever it is connected to (send-webhook.ts), because that changes.
 *
 * @throws Fault webhook_address_refused, saying why
 */
export function webhookAddress(text: string, webhookHosts: readonly string[]): URL {
  const refusal = (message: string) =>
    new Fault('webhook_address_refused', { details: [{ path: 'body.url', message }] });
  if (!URL.canParse(text)) throw refusal('must be an address');
  const url = new URL(text);
  const isNamed = isNamedHost(url, webhookHosts);
  if (url.protocol !== 'https:' && !(isNamed && url.protocol === 'http:')) throw refusal('must begin with https://');
  if (url.username !== '' || url.password !== '') throw refusal('must not hold a user name or password');
  if (url.hash !== '') throw refusal('must not have a fragment');
  const host = hostOf(url);
  if (!isNamed && isIP(host) !== 0 && !isPublicAddress(host))
    throw refusal('must not be an address inside of this network; the operator can name it in POSTERN_WEBHOOK_HOSTS');
  return url;
}
