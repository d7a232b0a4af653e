import { Stack, Switch, Text } from '@mantine/core';
import type { NotifyPreferences } from '@postern/shared/protocol/notice';
import { call } from '../../api/call.ts';
import { useAct, useGet } from '../../api/queries.ts';
import { deciders } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.account.notify;
const path = '/v1/me/notify';

/** What one wants to be told of by mail. Who decides nothing has less to choose. */
export function NotifyCard() {
  const { data, error, refetch } = useGet<NotifyPreferences>(path);
  const decides = useIs(...deciders);
  const { mutateAsync, isPending } = useAct((wish: NotifyPreferences) => call('PUT', path, wish), [path]);
  const choose = (some: Partial<NotifyPreferences>) => {
    if (data === undefined) return;
    void tellOutcome(() => mutateAsync({ ...data, ...some }), words.saved);
  };
  const names = decides ? (['email', 'approvals', 'digest'] as const) : (['email'] as const);
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      {data === undefined ? (
        <NotYet error={error} refetch={refetch} />
      ) : (
        <Stack gap="sm">
          {names.map((name) => (
            <Switch
              key={name}
              label={words[name]}
              description={words[`${name}Help`]}
              checked={data[name]}
              disabled={isPending}
              onChange={({ currentTarget: { checked } }) => choose({ [name]: checked })}
            />
          ))}
        </Stack>
      )}
    </Card>
  );
}
