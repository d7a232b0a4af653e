import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { WaitingDevice } from '@postern/shared/protocol/enrollment';
import { call } from '../../api/call.ts';
import { useAct, useGet } from '../../api/queries.ts';
import { sentenceOf } from '../../api/refusal.ts';
import { Card } from '../../parts/card.tsx';
import { Refused } from '../../parts/form/refused.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { t } from '../../strings/index.ts';
import type { Decision } from './decided.tsx';
import { WaitingFacts } from './waiting-facts.tsx';

const words = t.deviceCode;

/** What waits under a code: what it says of itself, from where it asks, and what approving it means. */
export function WaitingDevice({
  code,
  decided,
  again,
}: {
  code: string;
  decided: (decision: Decision) => void;
  again: () => void;
}) {
  const { data: device, error } = useGet<WaitingDevice>(`/v1/admin/device-codes/${encodeURIComponent(code)}`);
  if (device === undefined) {
    return error === null ? (
      <Waiting />
    ) : (
      <Stack align="flex-start">
        <Problem error={new Error(sentenceOf(error))} title={words.cannot} />
        <Button variant="default" onClick={again}>
          {words.another}
        </Button>
      </Stack>
    );
  }
  const { signIn } = device;
  return (
    <Card title={signIn === null ? words.enroll.title : words.signIn.title(signIn.device.name, signIn.resource)}>
      <WaitingFacts device={device} />
      <Alert color="orange" icon={<IconAlertTriangle />} title={words.warning.title}>
        <Stack gap={4}>
          <Text size="sm">{words.warning.text}</Text>
          {!device.sameAddress && <Text size="sm">{words.warning.otherAddress}</Text>}
        </Stack>
      </Alert>
      <Text size="sm">{signIn === null ? words.enroll.text : words.signIn.text}</Text>
      <Choice code={code} kind={signIn === null ? 'enroll' : 'signIn'} decided={decided} />
    </Card>
  );
}

function Choice({
  code,
  kind,
  decided,
}: {
  code: string;
  kind: 'enroll' | 'signIn';
  decided: (decision: Decision) => void;
}) {
  const [error, setError] = useState<unknown>();
  const decide = useAct(
    (decision: 'approve' | 'deny') => call('POST', '/v1/admin/device-codes', { user_code: code, decision }),
    ['/v1/me/devices'],
  );
  const choose = async (decision: 'approve' | 'deny') => {
    setError(undefined);
    try {
      await decide.mutateAsync(decision);
      decided(decision === 'deny' ? 'deny' : kind);
    } catch (refusal) {
      setError(refusal);
    }
  };
  return (
    <>
      <Refused error={error} />
      <Group gap="xs">
        <Button loading={decide.isPending && decide.variables === 'approve'} onClick={() => void choose('approve')}>
          {words[kind].approve}
        </Button>
        <Button
          variant="default"
          loading={decide.isPending && decide.variables === 'deny'}
          onClick={() => void choose('deny')}
        >
          {words.deny}
        </Button>
      </Group>
    </>
  );
}
