import { Button, Divider, Stack, Text } from '@mantine/core';
import { IconFingerprint, IconLogin2 } from '@tabler/icons-react';
import type { SignInWay } from '@postern/shared/protocol/sign-in';
import { addressOf } from '../../api/call.ts';
import { t } from '../../strings/index.ts';
import { ByPassword } from './by-password.tsx';
import { canUsePasskeys, signInByPasskey } from './by-passkey.ts';
import type { SecondFactorWays } from './second-factor.tsx';
import type { Entering } from './use-enter.ts';

const words = t.signIn;

/** The ways that are open here, the best one first. */
export function Ways({
  ways,
  to,
  isBusy,
  enter,
  more,
}: Entering & {
  ways: readonly SignInWay[];
  to: string | undefined;
  /** One thing more is to be shown. */
  more: (ways: SecondFactorWays) => void;
}) {
  const hasPasskeys = ways.some(({ way }) => way === 'passkey') && canUsePasskeys();
  const hasPasswords = ways.some(({ way }) => way === 'password');
  const providers = ways.filter((each) => each.way === 'provider');
  const hasButtons = hasPasskeys || providers.length > 0;
  return (
    <Stack>
      {hasPasskeys && (
        <Button
          leftSection={<IconFingerprint size={20} />}
          size="md"
          loading={isBusy}
          onClick={() => void enter(signInByPasskey)}
        >
          {words.passkey}
        </Button>
      )}
      {providers.map(({ id, title }) => (
        <Button
          key={id}
          component="a"
          href={addressOf(`/v1/sign-in/providers/${id}`, { to })}
          variant={hasPasskeys ? 'default' : 'filled'}
          size="md"
          leftSection={<IconLogin2 size={20} />}
        >
          {words.provider(title)}
        </Button>
      ))}
      {hasButtons && hasPasswords && <Divider label={words.or} labelPosition="center" />}
      {hasPasswords && <ByPassword isBusy={isBusy} enter={enter} more={more} isFirst={!hasButtons} />}
      <Text size="sm" c="dimmed">
        {hasButtons || hasPasswords ? `${words.helpTitle} ${words.help}` : words.linkOnly}
      </Text>
    </Stack>
  );
}
