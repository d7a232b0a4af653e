import * as oidc from 'openid-client';
import { Fault } from '@postern/shared/protocol/errors';
import { minute, second } from '@postern/shared/time';
import type { SignInProvider } from '../../config.ts';

const timeoutSeconds = 5;
/** After a failure it is left alone for this long, however many sign-ins come. */
const pauseMs = 5 * second;
const metadataForMs = 60 * minute;

/** How we speak with one provider; asked for its metadata when it is first needed. */
export type ProviderClient = () => Promise<oidc.Configuration>;

/**
 * The client of a provider, by its discovery document, which must be the issuer's own. ID tokens are verified by their
 * signature too, although they come from the provider itself.
 *
 * @throws Fault identity_provider_unavailable
 */
export function createProviderClient(provider: SignInProvider, clock: () => number = Date.now): ProviderClient {
  let known: { at: number; client: Promise<oidc.Configuration> } | undefined;
  let failedAt = -Infinity;

  async function discover(): Promise<oidc.Configuration> {
    const server = new URL(provider.issuer);
    const isPlain = server.protocol === 'http:';
    return await oidc.discovery(
      server,
      provider.clientId,
      undefined,
      provider.clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(provider.clientSecret),
      {
        timeout: timeoutSeconds,
        execute: [oidc.enableNonRepudiationChecks, ...(isPlain ? [oidc.allowInsecureRequests] : [])],
      },
    );
  }

  return async () => {
    if (known === undefined || clock() - known.at >= metadataForMs) {
      if (clock() - failedAt < pauseMs) throw new Fault('identity_provider_unavailable');
      known = { at: clock(), client: discover() };
    }
    try {
      return await known.client;
    } catch (cause) {
      known = undefined;
      failedAt = clock();
      throw new Fault('identity_provider_unavailable', { cause });
    }
  };
}
