import { Group, Text, UnstyledButton } from '@mantine/core';
import type { Facet } from '@postern/shared/protocol/fleet';
import { t } from '../../strings/index.ts';
import { valueName } from './facet-names.ts';
import classes from './devices.module.css';

const numbers = new Intl.NumberFormat('en');

/** The answers to one question, each with how many devices it would leave. The chosen one is let go by choosing it again. */
export function FacetGroup({
  facet,
  counts,
  chosen,
  choose,
}: {
  facet: Facet;
  counts: Readonly<Record<string, number>> | undefined;
  chosen: string | undefined;
  choose: (value: string | undefined) => void;
}) {
  const label = t.devices.facets[facet];
  return (
    <div role="group" aria-label={label}>
      <Text size="xs" fw={600} c="dimmed" mb={4} aria-hidden>
        {label}
      </Text>
      {Object.keys(t.devices.values[facet]).map((value) => (
        <UnstyledButton
          key={value}
          className={classes['facet'] ?? ''}
          aria-pressed={chosen === value}
          onClick={() => choose(chosen === value ? undefined : value)}
        >
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <span>{valueName(facet, value)}</span>
            {counts !== undefined && (
              <Text span size="sm" c="dimmed">
                {numbers.format(counts[value] ?? 0)}
              </Text>
            )}
          </Group>
        </UnstyledButton>
      ))}
    </div>
  );
}
