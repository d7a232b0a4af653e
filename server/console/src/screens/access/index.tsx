import { Tabs } from '@mantine/core';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { Granted } from './granted.tsx';
import { Log } from './log.tsx';

const words = t.access;
const tabs = ['live', 'waiting', 'log'] as const;
const labels = { live: words.live, waiting: words.waiting, log: words.log };

/** Temporary access: what is granted, what waits, and all that ever was. */
export default function Access() {
  const { value, change } = useSearchState(['tab', 'q', 'person', 'resource', 'from', 'to'] as const);
  const tab = tabs.find((each) => each === value.tab) ?? 'live';
  const cleared = { q: undefined, person: undefined, resource: undefined, from: undefined, to: undefined };
  return (
    <Page title={words.title} lead={words.lead}>
      <Tabs value={tab} onChange={(next) => change({ ...cleared, tab: next ?? undefined })} keepMounted={false}>
        <Tabs.List aria-label={words.tabs} mb="sm">
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {labels[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="live">
          <Granted which="live" value={value} change={change} />
        </Tabs.Panel>
        <Tabs.Panel value="waiting">
          <Granted which="waiting" value={value} change={change} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <Log value={value} change={change} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
