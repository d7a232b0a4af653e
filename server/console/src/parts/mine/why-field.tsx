import { Textarea } from '@mantine/core';
import { t } from '../../strings/index.ts';

/** The justification: whoever approves reads it. */
export function WhyField({ value, change }: { value: string; change: (value: string) => void }) {
  return (
    <Textarea
      label={t.ask.justification}
      description={t.ask.justificationHint}
      required
      minLength={10}
      maxLength={2000}
      autosize
      minRows={3}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
