import { Button, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import { t } from '../../strings/index.ts';
import { BulkDeny } from './bulk-deny.tsx';
import classes from './bulk-bar.module.css';
import { isAlike } from './is-alike.ts';
import { SetApprove } from './set-approve.tsx';

const words = t.inbox;

/** What can be done with several requests at once. */
export function BulkBar({
  selected,
  all,
  select,
}: {
  selected: readonly WaitingRequest[];
  all: readonly WaitingRequest[];
  select: (ids: ReadonlySet<string>) => void;
}) {
  // As they were when it began: each that is denied leaves the list.
  const [begun, begin] = useState<{ verb: 'deny' | 'approve'; requests: readonly WaitingRequest[] }>();
  const deniable = selected.filter(({ mayDecide }) => mayDecide.deny.may);
  const end = () => {
    begin(undefined);
    select(new Set());
  };
  return (
    <>
      {selected.length > 0 && (
        <Paper
          withBorder
          shadow="md"
          p="xs"
          className={classes['bar'] ?? ''}
          role="region"
          aria-label={words.selected(selected.length)}
        >
          <Group gap="xs">
            <Text size="sm" fw={600} role="status">
              {words.selected(selected.length)}
            </Text>
            <Button
              size="xs"
              color="red"
              disabled={deniable.length === 0}
              onClick={() => begin({ verb: 'deny', requests: deniable })}
            >
              {words.bulkDeny}
            </Button>
            {isAlike(selected) && (
              <Button size="xs" onClick={() => begin({ verb: 'approve', requests: selected })}>
                {words.together}
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => select(new Set(all.map(({ id }) => id)))}>
              {words.selectAll}
            </Button>
            <Button size="xs" variant="default" onClick={() => select(new Set())}>
              {words.clear}
            </Button>
            {!isAlike(selected) && selected.length > 1 && (
              <Text size="xs" c="dimmed">
                {words.togetherHint}
              </Text>
            )}
          </Group>
        </Paper>
      )}
      {begun?.verb === 'deny' && <BulkDeny requests={begun.requests} onClose={end} />}
      {begun?.verb === 'approve' && <SetApprove requests={begun.requests} onClose={end} />}
    </>
  );
}
