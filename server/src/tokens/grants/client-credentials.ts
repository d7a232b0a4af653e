import type { Authorization, GrantType } from './grant-type.ts';

/** RFC 6749 section 4.4: the device asks for itself. Whose it is says the token; that they are there it does not say. */
export const clientCredentials: GrantType = {
  name: 'client_credentials',
  errors: [],
  fromFacts: true,
  authorize: ({ body: { resource } }): Authorization => ({
    subject: { kind: 'device' },
    resource,
    uses: [],
    answer: {},
  }),
};
