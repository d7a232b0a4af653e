import { Checkbox, Stack } from '@mantine/core';
import type { MyDevice } from '@postern/shared/protocol/my-device';
import { t } from '../../strings/index.ts';

/** Which of the rules that stand in the way. */
export function RulesField({
  failing,
  value,
  change,
}: {
  failing: MyDevice['failing'];
  value: readonly string[];
  change: (rules: readonly string[]) => void;
}) {
  return (
    <Checkbox.Group
      label={t.ask.rules}
      description={t.ask.rulesHint}
      withAsterisk
      value={[...value]}
      onChange={(rules) => change(rules)}
    >
      <Stack gap="xs" mt="xs">
        {failing.map(({ rule, title }) => (
          <Checkbox key={rule} value={rule} label={title} description={rule} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
