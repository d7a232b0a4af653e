import { AddressTabs } from '../../parts/address-tabs.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { Granted } from './granted.tsx';
import { Log } from './log.tsx';

const words = t.access;
const filterNames = ['q', 'person', 'resource', 'from', 'to'] as const;

/** Temporary access: what is granted, what waits, and all that ever was. */
export default function Access() {
  const { value, change } = useSearchState(filterNames);
  return (
    <Page title={words.title} lead={words.lead}>
      <AddressTabs
        label={words.tabs}
        usual="live"
        letGo={filterNames}
        tabs={[
          { name: 'live', label: words.live, content: <Granted which="live" value={value} change={change} /> },
          { name: 'waiting', label: words.waiting, content: <Granted which="waiting" value={value} change={change} /> },
          { name: 'log', label: words.log, content: <Log value={value} change={change} /> },
        ]}
      />
    </Page>
  );
}
