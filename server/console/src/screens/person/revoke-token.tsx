import { Text } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { stale } from './stale.ts';

const words = t.people.tokens;

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
  }, stale);
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
