import { browserSupportsWebAuthn, startAuthentication } from '@simplewebauthn/browser';
import { call } from '../../api/call.ts';
import { Refusal } from '../../api/refusal.ts';
import { t } from '../../strings/index.ts';

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Browsers have passkeys for names, on secure pages, alone. */
export function canUsePasskeys(): boolean {
  return browserSupportsWebAuthn();
}

/** Asks for whichever passkey somebody has for this place. */
export async function signInByPasskey(): Promise<true> {
  const { options } = await call<{ options: unknown }>('POST', '/v1/sign-in/passkey/options', {});
  const assertion = await startAuthentication({ optionsJSON: options as Options }).catch((cause: unknown) => {
    throw new Refusal(t.signIn.noPasskey, 0, {}, cause);
  });
  await call('POST', '/v1/sign-in/passkey', { assertion });
  return true;
}
