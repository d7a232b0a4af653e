import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconFlag } from '@tabler/icons-react';
import type { z } from 'zod';
import type { analyticsSchema } from '@postern/shared/protocol/analytics';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Sign } from '../../parts/sign.tsx';
import { t } from '../../strings/index.ts';
import { reportGroups } from './reports.ts';

type Answer = z.output<typeof analyticsSchema>;
const words = t.analytics;

/** Each report in a sentence. */
export function AllReports({ days }: { days: string }) {
  const { data, error, refetch } = useGet<Answer>('/v1/admin/analytics', { days });
  if (data === undefined) return <NotYet error={error} refetch={refetch} />;
  const byName = new Map(data.reports.map((report) => [report.report, report]));
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      {(Object.keys(reportGroups) as (keyof typeof reportGroups)[]).map((group) => (
        <Card key={group} title={words.groups[group]}>
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {reportGroups[group].map((name) => {
              const report = byName.get(name);
              if (report === undefined) return null;
              return (
                <li key={name} data-report={name}>
                  <Group justify="space-between" gap="xs">
                    <AppLink to="/analytics" search={{ report: name, days }}>
                      {report.title}
                    </AppLink>
                    {report.flagged && <Sign color="yellow" icon={IconFlag} label={words.flagged} />}
                  </Group>
                  <Text size="sm" c="dimmed">
                    {report.sentence}
                  </Text>
                </li>
              );
            })}
          </Stack>
        </Card>
      ))}
    </SimpleGrid>
  );
}
