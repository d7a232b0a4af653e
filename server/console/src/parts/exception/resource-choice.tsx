import { Checkbox, Stack } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../strings/index.ts';

const words = t.deciding.approve;

/** For which resources: all that was asked for, or fewer. */
export function ResourceChoice({
  asked,
  known,
  chosen,
  change,
}: {
  /** Empty: all. */
  asked: readonly string[];
  /** Resources that an exception for all of them is for. */
  known: readonly string[];
  chosen: readonly string[];
  change: (resources: string[]) => void;
}) {
  const [isWhole, setWhole] = useState(true);
  const names = asked.length > 0 ? asked : known;
  if (names.length < 2) return null;
  return (
    <Checkbox.Group
      label={words.resources}
      value={isWhole ? [...names] : [...chosen]}
      onChange={(next) => {
        // None of them would be all of them to the backend, and to grant nothing is to deny.
        if (next.length === 0) return;
        const all = next.length === names.length;
        setWhole(all);
        change(all ? [...asked] : next);
      }}
    >
      <Stack gap={4} mt={4}>
        {names.map((name) => (
          <Checkbox key={name} value={name} label={name} size="xs" />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
