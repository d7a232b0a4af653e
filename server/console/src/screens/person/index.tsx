import { Badge, Grid, Group, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { useGet } from '../../api/queries.ts';
import { keepers } from '../../app/roles.ts';
import { useIs, useMe } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { EditPerson } from './edit-person.tsx';
import { FactsCard } from './facts-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { StandingButton } from './standing-button.tsx';
import { TextsCard } from './texts-card.tsx';
import { TokensCard } from './tokens-card.tsx';

/** One person: what they may do, what they sign in with, and where. */
export default function Person() {
  const { id = '' } = useParams({ strict: false });
  const { data: person, error, refetch } = useGet<UserDetail>(`/v1/admin/users/${id}`);
  const isAdmin = useIs('admin');
  const keeps = useIs(...keepers);
  const isSelf = useMe().id === id;
  if (person === undefined || person.id !== id)
    return <NotYet error={error} refetch={refetch} title={t.common.things.person} />;
  return (
    <Page
      title={person.name}
      above={<AppLink to="/people">{t.people.all}</AppLink>}
      lead={
        <Group gap="xs">
          {person.email}
          {!person.active && <Badge color="gray">{t.people.away}</Badge>}
        </Group>
      }
      actions={
        isAdmin && (
          <>
            <EditPerson person={person} />
            <StandingButton person={person} />
          </>
        )
      }
    >
      <Grid>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <FactsCard person={person} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <SignInCard person={person} />
        </Grid.Col>
      </Grid>
      <Stack>
        {keeps && <SessionsCard person={person} />}
        {keeps && <TokensCard person={person} />}
        {isAdmin && !isSelf && <TextsCard person={person} />}
      </Stack>
    </Page>
  );
}
