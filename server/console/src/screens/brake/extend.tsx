import { Button, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import type { BrakeDetail } from '@postern/shared/protocol/brake';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { usePreferences } from '../../app/preferences.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { sayAbsolute } from '../../parts/say-time.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { endsToChoose } from './ends-to-choose.ts';

const words = t.brakes;

/** Nobody knows yet: hold on for a while. */
export function Extend({ brake: { id, endsAt, latestEnd } }: { brake: BrakeDetail }) {
  const [isAsked, setAsked] = useState(false);
  const [{ zone }] = usePreferences();
  const ends = endsToChoose(endsAt, latestEnd);
  const [chosen, choose] = useState<string>();
  const until = ends.find((each) => each.until === chosen)?.until ?? ends[0]?.until;
  const act = useAct(
    (reason: string) => call('POST', `/v1/admin/brakes/${id}/extend`, { until, reason }),
    ['/v1/admin/brakes'],
  );
  if (until === undefined) return null;
  const go = async (reason: string) => {
    await act.mutateAsync(reason);
    tell(words.extended);
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {words.extend}
      </Button>
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={words.extendTitle}
        button={words.extend}
        reason={{ label: words.reason, required: true }}
        act={go}
      >
        <Text size="sm">{words.extendText(sayAbsolute(Date.parse(latestEnd), zone))}</Text>
        <NativeSelect
          label={words.by}
          value={until}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
          data={ends.map((each) => ({
            value: each.until,
            label: each.hours === undefined ? words.latest : words.hours(each.hours),
          }))}
        />
      </Confirm>
    </>
  );
}
