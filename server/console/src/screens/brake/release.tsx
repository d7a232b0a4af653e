import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { BrakeDetail } from '@postern/shared/protocol/brake';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { sayBuild } from '../../parts/brake/say-build.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.brakes;

/** The readings are right: judge by them. */
export function Release({ brake }: { brake: BrakeDetail }) {
  const { id, check, affectedTotal } = brake;
  const [isAsked, setAsked] = useState(false);
  const act = useAct(
    (reason: string) => call('POST', `/v1/admin/brakes/${id}/release`, { reason }),
    ['/v1/admin/brakes', '/v1/admin/devices', '/v1/admin/overview'],
  );
  const go = async (reason: string) => {
    await act.mutateAsync(reason);
    tell(words.released);
  };
  return (
    <>
      <Button color="red" onClick={() => setAsked(true)}>
        {words.release}
      </Button>
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={words.releaseTitle(check)}
        button={words.release}
        danger
        reason={{ label: words.reason, required: true }}
        act={go}
      >
        <Text size="sm">{words.releaseText(affectedTotal, sayBuild(brake))}</Text>
      </Confirm>
    </>
  );
}
