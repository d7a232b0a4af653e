import type { Installation } from '@postern/shared/protocol/settings';
import { SimpleGrid } from '@mantine/core';
import { useGet } from '../../api/queries.ts';
import { IncidentCard } from '../../parts/incident-card.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { About } from './about.tsx';
import { AuditKey } from './audit-key.tsx';
import { Channels } from './channels.tsx';
import { Keys } from './keys.tsx';
import { SettingList } from './setting-list.tsx';
import { SignIn } from './sign-in.tsx';

/** What this installation is and how it is configured. */
export default function Settings() {
  const { data, error, refetch } = useGet<Installation>('/v1/admin/settings');
  return (
    <Page title={t.installation.title} lead={t.installation.lead}>
      {(data === undefined || error !== null) && <NotYet error={error} refetch={refetch} />}
      {data !== undefined && (
        <>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <About installation={data} />
            <SignIn installation={data} />
            <Channels installation={data} />
            <AuditKey auditKey={data.auditKey} />
            <IncidentCard />
          </SimpleGrid>
          <Keys keys={data.keys} />
          <SettingList settings={data.settings} />
        </>
      )}
    </Page>
  );
}
