import { Stack } from '@mantine/core';
import { useState } from 'react';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { CodeForm } from './code-form.tsx';
import { Decided, type Decision } from './decided.tsx';
import { WaitingDevice } from './waiting-device.tsx';

/** Where people approve what a device of theirs shows a code for (RFC 8628). */
export default function DeviceCode() {
  const { value, change } = useSearchState(['user_code']);
  const [decision, setDecision] = useState<Decision>();
  const code = value.user_code;
  const again = () => {
    setDecision(undefined);
    change({ user_code: undefined });
  };
  return (
    <Page title={t.deviceCode.title} lead={code === undefined ? t.deviceCode.lead : undefined}>
      <Stack maw={620} gap="lg">
        {decision !== undefined ? (
          <Decided decision={decision} again={again} />
        ) : code === undefined ? (
          <CodeForm lookUp={(typed) => change({ user_code: typed })} />
        ) : (
          <WaitingDevice key={code} code={code} decided={setDecision} again={again} />
        )}
      </Stack>
    </Page>
  );
}
