import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { type Gateway, gatewaysPath } from './types.ts';

const words = t.gateways;

/** Removes a gateway, saying what nobody protects then. */
export function RemoveGateway({
  gateway,
  stream,
  others,
}: {
  gateway: Gateway;
  stream: StreamHealth | undefined;
  others: readonly Gateway[];
}) {
  const [isOpen, setOpen] = useState(false);
  const removing = useAct((id: string) => call('DELETE', `${gatewaysPath}/${id}`), staleAfter.gateway);
  const alone = gateway.resources.filter(
    (resource) => !others.some(({ id, resources }) => id !== gateway.id && resources.includes(resource)),
  );
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        aria-label={words.removeOf(gateway.name)}
        onClick={() => setOpen(true)}
      >
        {words.remove}
      </Button>
      <Confirm
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={words.removeTitle(gateway.name)}
        button={words.removeButton}
        danger
        act={async () => {
          await removing.mutateAsync(gateway.id);
          tell(words.removed(gateway.name));
        }}
      >
        <Stack gap="xs">
          <Text size="sm">{words.removeText}</Text>
          {alone.length > 0 && <Text size="sm">{words.removeAlone(alone.join(', '))}</Text>}
          {stream !== undefined && <Text size="sm">{words.removeStream(stream.waiting)}</Text>}
        </Stack>
      </Confirm>
    </>
  );
}
