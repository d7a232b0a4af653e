import { Stack } from '@mantine/core';
import { useIs } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { InForce } from './in-force.tsx';
import { Proposals } from './proposals.tsx';
import { Resources } from './resources.tsx';

const words = t.templates;

/** Ways to depart from a rule or into a resource, what is proposed for them, and what they open. */
export default function Templates() {
  const isAdmin = useIs('admin');
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        isAdmin && (
          <ButtonLink to="/template-proposals/$id" params={{ id: 'new' }}>
            {words.newTemplate}
          </ButtonLink>
        )
      }
    >
      <Stack gap="lg">
        <Proposals />
        <InForce />
        <Resources />
      </Stack>
    </Page>
  );
}
