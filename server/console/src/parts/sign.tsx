import { Badge, type MantineColor } from '@mantine/core';
import type { ComponentType } from 'react';

/** How something stands: a word with its icon, and never a colour alone. */
export function Sign({
  color,
  icon: Icon,
  label,
}: {
  color: MantineColor;
  icon: ComponentType<{ size?: number | string }>;
  label: string;
}) {
  return (
    <Badge color={color} leftSection={<Icon size={12} />}>
      {label}
    </Badge>
  );
}
