import { Group, Table } from '@mantine/core';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyReplay;
const kinds = ['blocked', 'grace', 'warned', 'fine'] as const;

/** Devices by where they stand, now and with the draft, and who was not looked at. */
export function Standings({ summary: { before, after, devices } }: { summary: ReplaySummary }) {
  const some = (count: number) => (count === 0 ? null : count);
  return (
    <Card title={words.standing}>
      <Group align="flex-start" gap="xl">
        <Table w="auto" aria-label={words.standingList}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {kinds.map((kind) => (
                <Table.Th key={kind} ta="end">
                  {words.standings[kind]}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {([words.now, words.withDraft] as const).map((label, index) => (
              <Table.Tr key={label}>
                <Table.Th scope="row">{label}</Table.Th>
                {kinds.map((kind) => (
                  <Table.Td key={kind} ta="end">
                    {(index === 0 ? before : after)[kind].toLocaleString('en')}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Facts
          facts={[
            [words.judged, words.judgedOf(devices.judged, devices.total)],
            [words.notConcerned, some(devices.notConcerned)],
            [words.stale, some(devices.stale)],
            [words.neverAttested, some(devices.neverAttested)],
            [words.quarantined, some(devices.quarantined)],
            [words.ownerInactive, some(devices.ownerInactive)],
          ]}
        />
      </Group>
    </Card>
  );
}
