import { Table } from '@mantine/core';
import type { Reading } from '@postern/shared/protocol/reading';
import { t } from '../../strings/index.ts';
import { ReadingValue } from './reading-value.tsx';

interface Pair {
  check: string;
  title: string;
  left: Reading | null;
  right: Reading | null;
}

/** Readings beside each other. */
export function ReadingPairs({
  label,
  left,
  right,
  pairs,
}: {
  label: string;
  left: string;
  right: string;
  pairs: readonly Pair[];
}) {
  return (
    <Table layout="fixed" aria-label={label} fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="24%">{t.device.readings.columns.check}</Table.Th>
          <Table.Th>{left}</Table.Th>
          <Table.Th>{right}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {pairs.map((pair) => (
          <Table.Tr key={pair.check}>
            <Table.Th scope="row" fw={500}>
              {pair.title}
            </Table.Th>
            <Table.Td>
              <ReadingValue reading={pair.left} />
            </Table.Td>
            <Table.Td>
              <ReadingValue reading={pair.right} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
