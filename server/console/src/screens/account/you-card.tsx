import { Text } from '@mantine/core';
import type { OwnSignIn } from '@postern/shared/protocol/sign-in';
import { useGet } from '../../api/queries.ts';
import { useMe } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { IdentityText } from '../../parts/sessions/identity-text.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.account;

/** Who one is here. Others decide that. */
export function YouCard() {
  const { email, roles, groups, manager, authenticatedAt } = useMe();
  const { data } = useGet<OwnSignIn>('/v1/me/sign-in');
  return (
    <Card title={words.you}>
      <Facts
        facts={[
          [words.email, email],
          [words.roles, roles.map((role) => t.people.roles[role]).join(', ')],
          [words.groups, groups.join(', ')],
          [words.manager, manager?.name],
          ...(data?.identities ?? []).map(
            (identity) => [words.identities.title, <IdentityText key={identity.issuer} identity={identity} />] as const,
          ),
          [words.proved, <When key="proved" at={authenticatedAt} />],
        ]}
      />
      <Text size="xs" c="dimmed">
        {words.whoChanges}
      </Text>
    </Card>
  );
}
