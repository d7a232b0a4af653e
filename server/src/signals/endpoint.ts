import { Fault } from '@postern/shared/protocol/errors';
import { webhookAddress } from '../notify/index.ts';

/**
 * The address that events are pushed to, as it is called: https outside of this network, or a host that the operator named,
 * by the rules of webhooks.
 *
 * @throws Fault stream_address_refused, saying why
 */
export function pushEndpoint(text: string, namedHosts: readonly string[]): URL {
  try {
    return webhookAddress(text, namedHosts);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const details = error.details.map(({ message }) => ({ path: 'body.delivery.endpoint_url', message }));
    throw new Fault('stream_address_refused', { details });
  }
}
