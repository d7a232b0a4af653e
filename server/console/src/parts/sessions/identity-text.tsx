import { Text } from '@mantine/core';
import type { OwnSignIn } from '@postern/shared/protocol/sign-in';
import { t } from '../../strings/index.ts';
import { When } from '../when.tsx';

const words = t.account.identities;

/** Whom a provider knows somebody as. */
export function IdentityText({ identity }: { identity: OwnSignIn['identities'][number] }) {
  const { title, issuer, email, usedAt } = identity;
  return (
    <>
      {title ?? issuer} {email === null ? '' : words.as(email)}
      <Text size="xs" c="dimmed">
        {title === null ? `${words.gone}, ` : ''}
        {words.used} <When at={usedAt} />
      </Text>
    </>
  );
}
