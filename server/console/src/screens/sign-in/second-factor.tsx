import { Button, Stack, Text } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import type { SignedIn } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { CodeField } from '../../parts/proof/code-field.tsx';
import { t } from '../../strings/index.ts';
import { canUsePasskeys, signInByPasskey } from './by-passkey.ts';
import type { Entering } from './use-enter.ts';

/** With what somebody can show the second half. */
export type SecondFactorWays = Extract<SignedIn, { state: 'second-factor' }>['ways'];

/** The password was right; this is the other half. */
export function SecondFactor({ ways, isBusy, enter }: Entering & { ways: SecondFactorWays }) {
  const sendCode = (code: string) =>
    enter(async () => {
      await call('POST', '/v1/sign-in/password/code', { code });
      return true;
    });
  return (
    <Stack>
      <Text role="status">{t.signIn.second}</Text>
      {ways.includes('code') && <CodeField send={(code) => void sendCode(code)} button={t.signIn.withPassword} />}
      {ways.includes('passkey') && canUsePasskeys() && (
        <Button
          leftSection={<IconFingerprint size={20} />}
          variant={ways.includes('code') ? 'default' : 'filled'}
          loading={isBusy}
          onClick={() => void enter(signInByPasskey)}
        >
          {t.signIn.passkey}
        </Button>
      )}
    </Stack>
  );
}
