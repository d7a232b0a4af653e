import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { t } from '../strings/index.ts';

/** Every screen: what it is, what can be done, and its content. */
export function Page({
  title,
  lead,
  above,
  actions,
  children,
}: {
  title: string;
  /** A sentence that says what this is for. */
  lead?: ReactNode;
  /** Where one is: a link to the list that this belongs to. */
  above?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useDocumentTitle(`${title} · ${t.common.product}`);
  return (
    <Stack gap="lg" maw={1400}>
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={2} style={{ flex: '1 1 16rem' }}>
          {above !== undefined && (
            <Text size="sm" component="div">
              {above}
            </Text>
          )}
          <Title order={1} size="h2">
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" maw={760} component="div">
              {lead}
            </Text>
          )}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
