import { NativeSelect } from '@mantine/core';
import { t } from '../../strings/index.ts';
import { durationText, sayLength } from '../say-time.ts';

/** For how long: one of those that are offered. */
export function LengthField({
  lengths,
  value,
  change,
}: {
  /** Seconds. */
  lengths: readonly number[];
  /** As the API takes it. */
  value: string;
  change: (value: string) => void;
}) {
  return (
    <NativeSelect
      label={t.mine.requests.duration}
      data={lengths.map((seconds) => ({ value: durationText(seconds), label: sayLength(seconds) }))}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
