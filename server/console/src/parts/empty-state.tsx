import { Stack, Text, Title } from '@mantine/core';
import type { ComponentType, ReactNode } from 'react';

/** Nothing is here: why, and what to do about it. */
export function EmptyState({
  icon: Icon,
  title,
  text,
  order = 2,
  children,
}: {
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  title: string;
  text: string;
  /** Of the heading: 1 where this is all of the screen. */
  order?: 1 | 2;
  children?: ReactNode;
}) {
  return (
    <Stack align="center" py={48} px="md" gap="xs" ta="center">
      <Icon size={40} stroke={1.2} />
      <Title order={order} size="h4">
        {title}
      </Title>
      <Text c="dimmed" maw={480}>
        {text}
      </Text>
      {children}
    </Stack>
  );
}
