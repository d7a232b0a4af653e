import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBan } from '@tabler/icons-react';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { t } from '../../strings/index.ts';
import { Confirm } from '../confirm.tsx';
import { scopeText } from '../mine/scope.ts';
import { tell } from '../tell.ts';

const words = t.deciding.revoke;

/** Ends what somebody was granted, now. */
export function RevokeButton({ exception, size = 'xs' }: { exception: ExceptionView; size?: 'xs' | 'sm' }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { id, person, device } = exception;
  const scope = scopeText(exception);
  const revoke = useAct(
    (reason: string) => call('POST', `/v1/admin/exceptions/${id}/revoke`, { reason }),
    staleAfter.decision,
  );
  return (
    <>
      <Button
        size={size}
        variant="default"
        leftSection={<IconBan size={14} />}
        onClick={open}
        aria-label={words.open(person.name)}
      >
        {words.button}
      </Button>
      <Confirm
        opened={isOpen}
        onClose={close}
        title={words.title}
        button={words.button}
        danger
        reason={{ label: words.reason, required: true }}
        act={async (reason) => {
          await revoke.mutateAsync(reason);
          tell(words.done(person.name, scope));
        }}
      >
        <Text size="sm">{words.text(person.name, scope, device.name)}</Text>
      </Confirm>
    </>
  );
}
