import { Text } from '@mantine/core';
import type { Passkey } from '@postern/shared/protocol/me';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.account.passkeys;

async function remove({ id, label }: Passkey): Promise<void> {
  const about = { purpose: 'manage', about: { action: 'remove-passkey', target: id } } as const;
  await sendProven('DELETE', `/v1/me/passkeys/${id}`, {}, { about, sentence: words.removeProof(label) });
  tell(words.isRemoved(label));
}

/** Asks before a passkey is removed. */
export function RemovePasskey({ passkey, onClose }: { passkey: Passkey | undefined; onClose: () => void }) {
  const { mutateAsync } = useAct(remove, staleAfter.person);
  return (
    <Confirm
      opened={passkey !== undefined}
      onClose={onClose}
      title={words.removeTitle}
      button={words.removeButton}
      danger
      act={async () => passkey !== undefined && (await mutateAsync(passkey))}
    >
      <Text>{words.removeText(passkey?.label ?? '')}</Text>
    </Confirm>
  );
}
