import { Progress, Table } from '@mantine/core';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { Card } from '../../parts/card.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyReplay;

/** When devices would be blocked: the numbers, with a bar for the eye. */
export function WhenTable({ days }: { days: ReplaySummary['newlyBlocked']['days'] }) {
  const most = Math.max(...days.map(({ devices }) => devices));
  return (
    <Card title={words.when}>
      <Table aria-label={words.days} maw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="8rem">{words.day}</Table.Th>
            <Table.Th w="5rem" ta="end">
              {words.devices}
            </Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {days.map(({ day, devices }) => (
            <Table.Tr key={day}>
              <Table.Td>{day}</Table.Td>
              <Table.Td ta="end">{devices}</Table.Td>
              <Table.Td>
                <Progress.Root aria-hidden>
                  <Progress.Section value={(100 * devices) / most} withAria={false} />
                </Progress.Root>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
