import { signInTokenSchema } from '@postern/shared/protocol/me';
import type { Instant } from '@postern/shared/time';
import type { PersonCaller } from '../../http/caller.ts';
import { insert } from '../../storage/change.ts';
import type { FakeDevice } from './fake-device.ts';
import { type Outcome, ownerId, start, type TokenService } from './token-service.ts';

/** The owner of the devices, in a browser, signed in a minute ago unless it is said otherwise. */
export function personCaller(change: Partial<PersonCaller> = {}): PersonCaller {
  const signedIn: Instant = start - 60_000;
  return {
    kind: 'person',
    id: ownerId,
    name: 'Ada',
    roles: ['employee'],
    via: 'session',
    authenticatedAt: signedIn,
    ...change,
  };
}

export const otherId = `usr_${'e'.repeat(32)}`;

/** Somebody else, Eve, with an account of her own. */
export async function addOther({ store }: Pick<TokenService, 'store'>): Promise<PersonCaller> {
  const row = {
    id: otherId,
    name: 'Eve',
    email: 'eve@example',
    roles: '["admin"]',
    active: 1,
    created_at: start,
    groups: '[]',
    manager_id: null,
    notify: '{}',
  };
  await store.commit({ audit: [], changes: [insert('users', row)] });
  return personCaller({ id: otherId, name: row.name, roles: ['admin'] });
}

export function askSignIn(
  service: TokenService,
  device: Pick<FakeDevice, 'id'>,
  caller = personCaller(),
): Promise<Outcome> {
  return service.call('POST', '/v1/me/sign-in-tokens', { form: { device: device.id }, caller });
}

/** A sign-in token that was made for the device. */
export async function signInFor(
  service: TokenService,
  device: Pick<FakeDevice, 'id'>,
  caller?: PersonCaller,
): Promise<string> {
  const { status, body } = await askSignIn(service, device, caller);
  if (status !== 201) throw new Error(`no sign-in token: ${status}`);
  return signInTokenSchema.parse(body).token;
}

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const jwtType = 'urn:ietf:params:oauth:token-type:jwt';

/** Exchanges a subject token, by default a sign-in token; `form` makes it another request. */
export function askExchange(
  service: TokenService,
  device: FakeDevice,
  token: string,
  { form = {}, ...change }: Parameters<TokenService['askToken']>[1] = {},
): Promise<Outcome> {
  const exchanged = { grant_type: exchange, subject_token: token, subject_token_type: jwtType, ...form };
  return service.askToken(device, { ...change, form: exchanged });
}
