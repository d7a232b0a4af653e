import { ActionIcon, Button, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Passkey } from '@postern/shared/protocol/me';
import { useGet } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { StackedTable } from '../../parts/stacked-table.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { AddPasskey } from './add-passkey.tsx';
import { RemovePasskey } from './remove-passkey.tsx';

const words = t.account.passkeys;

/** One's passkeys. */
export function PasskeysCard() {
  const { data, error, refetch } = useGet<{ items: Passkey[] }>('/v1/me/passkeys');
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey>();
  return (
    <Card
      title={words.title}
      actions={
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      {data === undefined && <NotYet error={error} refetch={refetch} />}
      {data?.items.length === 0 && <Text size="sm">{words.none}</Text>}
      {data !== undefined && data.items.length > 0 && (
        <StackedTable label={words.title} titles={[words.name, words.kept, words.added, words.used, t.common.actions]}>
          {data.items.map((passkey) => ({
            key: passkey.id,
            cells: [
              passkey.label,
              passkey.backedUp ? words.backedUp : words.here,
              <When key="added" at={passkey.createdAt} />,
              <When key="used" at={passkey.usedAt} />,
              <ActionIcon
                key="remove"
                variant="subtle"
                color="red"
                aria-label={words.remove(passkey.label)}
                onClick={() => setRemoving(passkey)}
              >
                <IconTrash size={16} />
              </ActionIcon>,
            ],
          }))}
        </StackedTable>
      )}
      <AddPasskey opened={isAdding} onClose={() => setAdding(false)} />
      <RemovePasskey passkey={removing} onClose={() => setRemoving(undefined)} />
    </Card>
  );
}
