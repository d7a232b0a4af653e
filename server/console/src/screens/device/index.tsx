import { Alert, Group, Stack, Tabs, VisuallyHidden } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../parts/app-link.tsx';
import type { DeviceDetail } from '../../parts/device/types.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
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
        {<NotYet error={error} refetch={refetch} />}
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
  const { value, change } = useSearchState(['tab']);
  const names = t.device.tabs;
  const tab = Object.hasOwn(names, value.tab ?? '') ? value.tab : 'verdict';
  return (
    <Tabs
      value={tab ?? 'verdict'}
      onChange={(next) => change({ tab: next === 'verdict' ? undefined : (next ?? undefined) })}
      keepMounted={false}
    >
      <Tabs.List aria-label={t.device.tabsLabel} mb="md">
        {Object.entries(names).map(([name, label]) => (
          <Tabs.Tab key={name} value={name}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="verdict">
        <VerdictNow verdict={device.verdict} />
      </Tabs.Panel>
      <Tabs.Panel value="readings">
        <Readings device={device} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <History id={device.id} />
      </Tabs.Panel>
      <Tabs.Panel value="key">
        <Key device={device} />
      </Tabs.Panel>
      <Tabs.Panel value="exceptions">
        <DeviceExceptions id={device.id} />
      </Tabs.Panel>
    </Tabs>
  );
}
