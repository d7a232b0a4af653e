import { NativeSelect } from '@mantine/core';
import { t } from '../../strings/index.ts';

/** For which device. */
export function DeviceField({
  devices,
  value,
  change,
}: {
  devices: readonly { id: string; name: string }[];
  value: string;
  change: (id: string) => void;
}) {
  return (
    <NativeSelect
      label={t.ask.device}
      data={devices.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
