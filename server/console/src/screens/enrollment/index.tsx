import { AddressTabs } from '../../parts/address-tabs.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { ByCode } from './by-code.tsx';
import { Tokens } from './tokens.tsx';
import { WaitingDevices } from './waiting-devices.tsx';

const names = t.enrollment.tabs;

/** How machines become devices. */
export default function Enrollment() {
  return (
    <Page title={t.enrollment.title} lead={t.enrollment.lead}>
      <AddressTabs
        label={t.enrollment.tabsLabel}
        usual="tokens"
        tabs={[
          { name: 'tokens', label: names.tokens, content: <Tokens /> },
          { name: 'waiting', label: names.waiting, content: <WaitingDevices /> },
          { name: 'code', label: names.code, content: <ByCode /> },
        ]}
      />
    </Page>
  );
}
