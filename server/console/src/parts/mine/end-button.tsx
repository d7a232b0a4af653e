import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { t } from '../../strings/index.ts';
import { Confirm } from '../confirm.tsx';
import { tell } from '../tell.ts';
import { scopeText } from './scope.ts';

const words = t.mine.requests;

function pathOf({ id, kind, state }: ExceptionView): string {
  if (state === 'pending') return `/v1/admin/exceptions/${id}/withdraw`;
  return kind === 'access' ? `/v1/me/access/${id}/end` : `/v1/admin/exceptions/${id}/revoke`;
}

/** Takes one's own request back, or gives back what one has. */
export function EndButton({ exception }: { exception: ExceptionView }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const waits = exception.state === 'pending';
  const scope = scopeText(exception);
  const end = useAct(
    (reason: string) => call('POST', pathOf(exception), reason === '' ? {} : { reason }),
    staleAfter.own,
  );
  const text = waits ? words.withdrawText : words.endText;
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {waits ? words.withdraw : words.end}
      </Button>
      <Confirm
        opened={isOpen}
        onClose={close}
        title={waits ? words.withdrawTitle : words.endTitle}
        button={waits ? words.withdraw : words.end}
        danger={!waits}
        reason={{ label: words.reasonLabel, required: false }}
        act={async (reason) => {
          await end.mutateAsync(reason);
          tell(waits ? words.withdrawn : words.ended(scope));
        }}
      >
        <Text size="sm">{text(scope, exception.device.name)}</Text>
      </Confirm>
    </>
  );
}
