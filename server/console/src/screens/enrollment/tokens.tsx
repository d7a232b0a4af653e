import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { MakeToken } from './make-token.tsx';
import { tokenColumns } from './token-columns.tsx';
import type { EnrollmentToken } from './types.ts';

const words = t.enrollment.tokens;
const path = '/v1/admin/enrollment-tokens';

/** Tokens that were handed out, and a new one. */
export function Tokens() {
  const [isMaking, making] = useDisclosure(false);
  const [revoking, askToRevoke] = useState<EnrollmentToken>();
  const revoke = useAct((id: string) => call('DELETE', `${path}/${id}`), [path]);
  const columns = tokenColumns(askToRevoke);
  return (
    <Card
      title={words.title}
      actions={
        <Group gap="xs">
          <CsvButton name="enrollment-tokens" columns={columns} path={path} query={{}} />
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={making.open}>
            {words.make}
          </Button>
        </Group>
      }
    >
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <PagedTable<EnrollmentToken>
        label={words.title}
        columns={columns}
        path={path}
        query={{}}
        idOf={({ id }) => id}
        empty={<EmptyState icon={IconKey} {...words.none} />}
      />
      <MakeToken opened={isMaking} onClose={making.close} />
      {revoking !== undefined && (
        <Confirm
          opened
          onClose={() => askToRevoke(undefined)}
          title={words.revokeTitle(revoking.ownerName)}
          button={words.revoke}
          danger
          act={async () => {
            await revoke.mutateAsync(revoking.id);
            tell(words.revoked);
          }}
        >
          <Text size="sm">{words.revokeText(revoking.usesLeft)}</Text>
        </Confirm>
      )}
    </Card>
  );
}
