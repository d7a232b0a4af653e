import { NativeSelect } from '@mantine/core';

/** Narrows a list by one of a few words. The first choice is none of them. */
export function ChoiceField({
  label,
  any,
  choices,
  value,
  change,
}: {
  label: string;
  any: string;
  choices: readonly { value: string; label: string }[];
  value: string | undefined;
  change: (value: string | undefined) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      maw={220}
      aria-label={label}
      data={[{ value: '', label: any }, ...choices]}
      value={value ?? ''}
      onChange={({ currentTarget }) => change(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  );
}
