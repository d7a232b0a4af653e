import { Text } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people.tokens;

/** Asks before an API token is revoked. */
export function RevokeToken({
  personId,
  token,
  onClose,
}: {
  personId: string;
  token: { id: string; label: string } | undefined;
  onClose: () => void;
}) {
  const { mutateAsync } = useAct(async (id: string) => {
    await call('DELETE', `/v1/admin/users/${personId}/api-tokens/${id}`);
    tell(words.revoked);
  }, staleAfter.person);
  return (
    <Confirm
      opened={token !== undefined}
      onClose={onClose}
      title={words.revokeTitle}
      button={words.revoke}
      danger
      act={async () => token !== undefined && (await mutateAsync(token.id))}
    >
      <Text>{words.revokeText(token?.label ?? '')}</Text>
    </Confirm>
  );
}
