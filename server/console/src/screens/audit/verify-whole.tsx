import { Group, Text } from '@mantine/core';
import { CopyText } from '../../parts/copy-text.tsx';
import { t } from '../../strings/index.ts';

/** The whole log is too much for a browser; the command line proves it, also from an export. */
export function VerifyWhole() {
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {t.audit.verifyWhole}
      </Text>
      <CopyText text={t.audit.verifyCommand} label={t.audit.verifyCommand} />
    </Group>
  );
}
