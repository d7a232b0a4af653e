import { Radio, Stack, Text } from '@mantine/core';
import { t } from '../../strings/index.ts';
import type { Way } from './wish.ts';

/** What for: the scenario says when to use it, and what it means to be granted it. */
export function WayField({
  ways,
  way,
  change,
}: {
  ways: readonly Way[];
  way: Way;
  change: (template: string) => void;
}) {
  return (
    <Stack gap="xs">
      <Radio.Group label={t.ask.template} value={way.name} onChange={change}>
        <Stack gap={6} mt="xs">
          {ways.map(({ name, title, description }) => (
            <Radio
              key={name}
              value={name}
              label={name === '' ? t.ask.noTemplate : title}
              description={name === way.name ? (name === '' ? t.ask.noTemplateText : description) : undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {way.impact !== '' && (
        <Text size="sm" fw={500}>
          {way.impact}
        </Text>
      )}
    </Stack>
  );
}
