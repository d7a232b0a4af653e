import { Alert, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMe } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import { useNow } from '../../parts/now.ts';
import { t } from '../../strings/index.ts';

const words = t.account.again;
const freshMs = 5 * 60_000;

/** Says beforehand what would be refused: after a while one's own sign-in is too old to change what one signs in with. */
export function SignInAgain() {
  const { authenticatedAt } = useMe();
  const now = useNow();
  if (now - Date.parse(authenticatedAt) < freshMs) return null;
  return (
    <Alert color="blue" icon={<IconInfoCircle />} title={words.title}>
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{words.text}</Text>
        <ButtonLink to="/sign-in" search={{ to: '/me/account' }} size="xs" variant="default">
          {words.button}
        </ButtonLink>
      </Stack>
    </Alert>
  );
}
