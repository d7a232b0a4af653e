import { Badge, Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { apiTokenSummarySchema } from '@postern/shared/protocol/admin';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { useGet } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import type { Column } from '../../parts/column.ts';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { useNow } from '../../parts/now.ts';
import { StackedTable } from '../../parts/stacked-table.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { MakeToken } from './make-token.tsx';
import { RevokeToken } from './revoke-token.tsx';

const words = t.people.tokens;
export type ApiToken = z.output<typeof apiTokenSummarySchema>;

function stateOf({ revokedAt, expiresAt }: ApiToken, now: number): keyof typeof words.states {
  if (revokedAt !== null) return 'revoked';
  return Date.parse(expiresAt) <= now ? 'over' : 'good';
}

const csvColumns: readonly Column<ApiToken>[] = [
  { key: 'label', title: words.label, show: ({ label }) => label, text: ({ label }) => label },
  { key: 'made', title: words.made, show: ({ createdAt }) => createdAt, text: ({ createdAt }) => createdAt },
  { key: 'expires', title: words.expires, show: ({ expiresAt }) => expiresAt, text: ({ expiresAt }) => expiresAt },
  {
    key: 'revoked',
    title: words.states.revoked,
    show: ({ revokedAt }) => revokedAt,
    text: ({ revokedAt }) => revokedAt,
  },
];

/** What programs act as this person with. */
export function TokensCard({ person }: { person: UserDetail }) {
  const { data, error, refetch } = useGet<{ items: ApiToken[] }>(`/v1/admin/users/${person.id}/api-tokens`);
  const isAdmin = useIs('admin');
  const now = useNow();
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken>();
  const titles = [words.label, words.state, words.made, words.expires];
  return (
    <Card
      title={words.title}
      actions={
        <Group gap="xs">
          {data !== undefined && data.items.length > 0 && (
            <ItemsCsv name="api-tokens" columns={csvColumns} items={data.items} />
          )}
          {isAdmin && person.active && (
            <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
              {words.make}
            </Button>
          )}
        </Group>
      }
    >
      <Text size="sm" c="dimmed">
        {words.lead(person.name)}
      </Text>
      {data === undefined && <NotYet error={error} refetch={refetch} />}
      {data?.items.length === 0 && <Text size="sm">{words.none}</Text>}
      {data !== undefined && data.items.length > 0 && (
        <StackedTable label={words.title} titles={isAdmin ? [...titles, t.common.actions] : titles}>
          {data.items.map((token) => {
            const state = stateOf(token, now);
            return {
              key: token.id,
              cells: [
                token.label,
                <Badge key="state" color={state === 'good' ? 'green' : 'gray'}>
                  {words.states[state]}
                </Badge>,
                <When key="made" at={token.createdAt} />,
                <When key="expires" at={token.expiresAt} />,
                state === 'good' && (
                  <Button
                    key="revoke"
                    size="compact-xs"
                    variant="default"
                    aria-label={words.revokeLabel(token.label)}
                    onClick={() => setRevoking(token)}
                  >
                    {words.revoke}
                  </Button>
                ),
              ],
            };
          })}
        </StackedTable>
      )}
      <MakeToken person={person} opened={isMaking} onClose={() => setMaking(false)} />
      <RevokeToken personId={person.id} token={revoking} onClose={() => setRevoking(undefined)} />
    </Card>
  );
}
