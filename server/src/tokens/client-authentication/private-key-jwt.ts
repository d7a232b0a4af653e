import { assertionErrors, readClientAssertion, verifyClientAssertion } from './client-assertion.ts';
import type { ClientAuthenticationMethod } from './method.ts';

/** RFC 7523 section 2.2, with the audience as rfc7523bis narrows it. */
export function privateKeyJwt(issuer: string): ClientAuthenticationMethod {
  return {
    name: 'private_key_jwt',
    errors: assertionErrors,
    isUsedBy: ({ body }) => body.client_assertion !== undefined,
    read({ body }) {
      const assertion = readClientAssertion(body);
      return {
        deviceId: assertion.deviceId,
        verify: (device, now) => verifyClientAssertion(assertion, device, issuer, now),
      };
    },
  };
}
