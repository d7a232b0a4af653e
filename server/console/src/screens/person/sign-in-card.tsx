import { Group, Text } from '@mantine/core';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { useIs, useMe } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { IdentityText } from '../../parts/sessions/identity-text.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { RemovePassword } from './remove-password.tsx';
import { ResetFactors } from './reset-factors.tsx';
import { SignInLink } from './sign-in-link.tsx';

const words = t.people.signIn;

/** What somebody signs in with, and help for who lost it. */
export function SignInCard({ person }: { person: UserDetail }) {
  const { id, active, factors, password, identities } = person;
  const isAdmin = useIs('admin');
  const isSelf = useMe().id === id;
  const hasFactors = factors.passkeys > 0 || factors.authenticatorApp;
  const hasNothing = !hasFactors && password === null && identities.length === 0;
  return (
    <Card title={words.title}>
      <Facts
        facts={[
          [words.passkeys, factors.passkeys],
          [words.app, factors.authenticatorApp ? t.common.yes : t.common.no],
          [
            words.password,
            password === null ? (
              t.common.none
            ) : (
              <>
                {words.passwordSet} <When at={password.setAt} />
                {password.lockedUntil !== null && (
                  <Text size="sm" fw={600}>
                    {words.locked} <When at={password.lockedUntil} both />
                  </Text>
                )}
              </>
            ),
          ],
          ...identities.map(
            (identity) =>
              [t.account.identities.title, <IdentityText key={identity.issuer} identity={identity} />] as const,
          ),
        ]}
      />
      {hasNothing && <Text size="sm">{words.nothing}</Text>}
      {isAdmin && (
        <Group gap="xs">
          {active && <SignInLink person={person} />}
          {hasFactors && !isSelf && <ResetFactors person={person} />}
          {password !== null && !isSelf && <RemovePassword person={person} />}
        </Group>
      )}
    </Card>
  );
}
