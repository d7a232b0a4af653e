import { SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { Card } from '../../parts/card.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyReplay;
const names = t.devices.values;

/** More lines than these say no more. */
const most = 12;

/** Whom it hits: by system, build, ownership and group. */
export function Whom({ summary: { platforms, builds, ownership, groups } }: { summary: ReplaySummary }) {
  const share = ({ newlyBlocked, judged }: { newlyBlocked: number; judged: number }) =>
    words.blockedOf(newlyBlocked, judged);
  return (
    <Card title={words.whom}>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        <Lines title={words.platforms} lines={platforms.map((each) => [names.platform[each.platform], share(each)])} />
        <Lines
          title={words.builds}
          lines={builds.map((each) => [
            `${names.platform[each.platform]} ${each.build ?? words.anyBuild}`,
            share(each),
          ])}
        />
        <Lines
          title={words.ownership}
          lines={ownership.map((each) => [names.ownership[each.ownership], share(each)])}
        />
        <Lines title={words.groups} lines={groups.map(({ group, people }) => [group, String(people)])} />
      </SimpleGrid>
    </Card>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly (readonly [name: string, count: string])[] }) {
  if (lines.length === 0) return null;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Table aria-label={title}>
        <Table.Tbody>
          {lines.slice(0, most).map(([name, count]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Table.Th>
              <Table.Td ta="end">{count}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
