import { Text } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { t } from '../../strings/index.ts';
import { Confirm } from '../confirm.tsx';
import { scopeText } from '../mine/scope.ts';
import { tell } from '../tell.ts';

const words = t.deciding.deny;

/** Denies one request, with the reason that whoever asked reads. */
export function DenyDialog({
  exception,
  opened,
  onClose,
}: {
  exception: ExceptionView;
  opened: boolean;
  onClose: () => void;
}) {
  const { id, requestHash, person } = exception;
  const deny = useAct(
    (reason: string) => call('POST', `/v1/admin/exceptions/${id}/deny`, { requestHash, reason }),
    staleAfter.decision,
  );
  const scope = scopeText(exception);
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={words.title}
      button={words.button}
      danger
      reason={{ label: words.reason, required: true }}
      act={async (reason) => {
        await deny.mutateAsync(reason);
        tell(words.done(person.name, scope));
      }}
    >
      <Text size="sm">{words.text(person.name, scope)}</Text>
    </Confirm>
  );
}
