import { Grid, Stack } from '@mantine/core';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { AppCard } from './app-card.tsx';
import { NotifyCard } from './notify-card.tsx';
import { PasskeysCard } from './passkeys-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { PreferencesCard } from './preferences-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { YouCard } from './you-card.tsx';

/** What somebody may change about themselves. */
export default function Account() {
  return (
    <Page title={t.account.title} lead={t.account.lead}>
      <SignInAgain />
      <Grid>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <PasskeysCard />
            <AppCard />
            <PasswordCard />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <YouCard />
            <NotifyCard />
            <PreferencesCard />
          </Stack>
        </Grid.Col>
      </Grid>
      <SessionsCard />
    </Page>
  );
}
