import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { Diff } from '../../parts/diff/diff.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { t } from '../../strings/index.ts';

const words = t.policyDraft;

/** Two people wrote at the same time: who it was, what differs, and which text goes on. */
export function Conflict({
  theirs,
  mine,
  takeTheirs,
  keepMine,
}: {
  theirs: Draft;
  mine: string;
  takeTheirs: () => void;
  keepMine: () => void;
}) {
  return (
    <Stack gap="xs">
      <Alert color="yellow" icon={<IconArrowsDiff />} title={words.conflictTitle(theirs.editedBy.name)} role="alert">
        <Stack gap="sm">
          <Text size="sm">{words.conflictText}</Text>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={takeTheirs}>
              {words.takeTheirs}
            </Button>
            <Button size="xs" variant="default" onClick={keepMine}>
              {words.keepMine}
            </Button>
          </Group>
        </Stack>
      </Alert>
      <Diff before={theirs.document} after={mine} label={words.conflictDiff} />
    </Stack>
  );
}
