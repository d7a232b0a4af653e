import { Tabs } from '@mantine/core';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { ByCode } from './by-code.tsx';
import { Tokens } from './tokens.tsx';
import { WaitingDevices } from './waiting-devices.tsx';

const names = t.enrollment.tabs;

/** How machines become devices. */
export default function Enrollment() {
  const { value, change } = useSearchState(['tab']);
  const tab = value.tab !== undefined && Object.hasOwn(names, value.tab) ? value.tab : 'tokens';
  return (
    <Page title={t.enrollment.title} lead={t.enrollment.lead}>
      <Tabs
        value={tab}
        onChange={(next) => change({ tab: next === 'tokens' ? undefined : (next ?? undefined) })}
        keepMounted={false}
      >
        <Tabs.List aria-label={t.enrollment.tabsLabel} mb="md">
          <Tabs.Tab value="tokens">{names.tokens}</Tabs.Tab>
          <Tabs.Tab value="waiting">{names.waiting}</Tabs.Tab>
          <Tabs.Tab value="code">{names.code}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="tokens">
          <Tokens />
        </Tabs.Panel>
        <Tabs.Panel value="waiting">
          <WaitingDevices />
        </Tabs.Panel>
        <Tabs.Panel value="code">
          <ByCode />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
