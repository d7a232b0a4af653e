import { Fault } from '@postern/shared/protocol/errors';
import { clientAssertionType, clientAttestationType, type TokenRequest } from '@postern/shared/protocol/token';
import type { Instant } from '@postern/shared/time';
import type { DeviceFacts } from '../../devices/index.ts';
import { openJws } from '../../jws/index.ts';
import { readClientAssertion, verifyClientAssertion } from '../client-authentication/index.ts';
import type { ClientAttestations } from '../client-attestation/verify.ts';
import type { Spent } from '../spent.ts';

export interface ActorTokens {
  /**
   * Checks that the actor is the device that asks, which is so whether or not it is said.
   *
   * @returns what it uses up
   * @throws Fault actor_token_invalid
   */
  verify(token: string, body: TokenRequest, device: DeviceFacts, now: Instant): Promise<Spent | undefined>;
}

const maxLength = 8192;

/** An actor token is what a device shows of itself elsewhere: its client attestation, or an assertion of its own. */
export function createActorTokens(attestations: ClientAttestations, issuer: string): ActorTokens {
  async function read(token: string, device: DeviceFacts, now: Instant): Promise<Spent | undefined> {
    if (openJws(token, maxLength)?.header['typ'] === clientAttestationType) {
      const { deviceId, jkt } = await attestations.read(token, now);
      if (deviceId !== device.id || jkt !== device.jkt) throw new Fault('actor_token_invalid');
      return undefined;
    }
    const parameters = { client_assertion_type: clientAssertionType, client_assertion: token };
    const assertion = readClientAssertion(parameters);
    if (assertion.deviceId !== device.id) throw new Fault('actor_token_invalid');
    return verifyClientAssertion(assertion, device, issuer, now);
  }

  return {
    async verify(token, body, device, now) {
      // The same one was verified already, and counts once.
      if (token === body.client_assertion) return undefined;
      try {
        return await read(token, device, now);
      } catch (error) {
        throw error instanceof Fault ? new Fault('actor_token_invalid', { cause: error }) : error;
      }
    },
  };
}
