import { Alert, Group, Stack, VisuallyHidden } from '@mantine/core';
import { IconInfoCircle, IconReportSearch } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { useGet } from '../../api/queries.ts';
import { AddressTabs } from '../../parts/address-tabs.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { DeviceStateSign, PostureSign } from '../../parts/standing.tsx';
import { t } from '../../strings/index.ts';
import { About } from './about.tsx';
import { DeviceActions } from './actions.tsx';
import { DeviceExceptions } from './exceptions.tsx';
import { History } from './history.tsx';
import { Key } from './key.tsx';
import { matterOf } from './matter.ts';
import { Quarantine } from './quarantine.tsx';
import { Readings } from './readings.tsx';
import { VerdictNow } from './verdict.tsx';
import classes from './device.module.css';

/** One device: what is the matter with it, the evidence, and what can be done. */
export default function Device() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const { data: device, error, refetch } = useGet<DeviceDetail>(`/v1/admin/devices/${encodeURIComponent(id)}`);
  const above = (
    <AppLink to="/devices" size="sm">
      {t.device.above}
    </AppLink>
  );
  if (device === undefined) {
    return (
      <Page title={t.device.noName} above={above}>
        <NotYet error={error} refetch={refetch} />
      </Page>
    );
  }
  const { state, quarantine, status } = device;
  const isCalm = state === 'active' && quarantine === null && status === 'compliant';
  return (
    <Page
      title={device.name}
      above={above}
      lead={
        <Group gap="xs">
          {(state !== 'active' || quarantine !== null) && (
            <DeviceStateSign state={state} isQuarantined={quarantine !== null} />
          )}
          {state !== 'retired' && <PostureSign status={status} />}
          {isCalm && matterOf(device)}
        </Group>
      }
      actions={<DeviceActions device={device} />}
    >
      {!isCalm && (
        <Alert color={quarantine === null ? 'blue' : 'orange'} icon={<IconInfoCircle />} role="status">
          {matterOf(device)}
        </Alert>
      )}
      <div className={classes['layout']}>
        <Stack gap="md">
          {(quarantine !== null || device.conflicts.length > 0) && <Quarantine device={device} />}
          <section>
            <VisuallyHidden component="h2">{t.device.tabsLabel}</VisuallyHidden>
            <DeviceTabs device={device} />
          </section>
        </Stack>
        <About device={device} />
      </div>
    </Page>
  );
}

function DeviceTabs({ device }: { device: DeviceDetail }) {
  const names = t.device.tabs;
  return (
    <AddressTabs
      label={t.device.tabsLabel}
      usual="verdict"
      tabs={[
        {
          name: 'verdict',
          label: names.verdict,
          content:
            device.state === 'retired' ? (
              <EmptyState icon={IconReportSearch} {...t.device.noVerdictAnyMore} />
            ) : (
              <VerdictNow verdict={device.verdict} />
            ),
        },
        { name: 'readings', label: names.readings, content: <Readings device={device} /> },
        { name: 'history', label: names.history, content: <History id={device.id} /> },
        { name: 'key', label: names.key, content: <Key device={device} /> },
        { name: 'exceptions', label: names.exceptions, content: <DeviceExceptions id={device.id} /> },
      ]}
    />
  );
}
