import { Alert, List, Stack } from '@mantine/core';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { Card } from '../../parts/card.tsx';
import { t } from '../../strings/index.ts';
import { ByRule } from './by-rule.tsx';
import { DeviceList } from './device-list.tsx';
import { ExceptionsCard } from './exceptions-card.tsx';
import { Headline } from './headline.tsx';
import { Standings } from './standings.tsx';
import { WhenTable } from './when-table.tsx';
import { Whom } from './whom.tsx';

const words = t.policyReplay;

/** From the sentence that decides down to each device. */
export function Found({ id, summary }: { id: string; summary: ReplaySummary }) {
  return (
    <Stack gap="lg">
      <Headline summary={summary} />
      {summary.doubts.length > 0 && (
        <Alert color="yellow" title={words.doubts}>
          <List size="sm">
            {summary.doubts.map(({ kind, rule, sentence }) => (
              <List.Item key={`${kind} ${rule ?? ''}`}>{sentence}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Standings summary={summary} />
      <DeviceList id={id} summary={summary} />
      <Card title={words.rules}>
        <ByRule rules={summary.rules} />
      </Card>
      {summary.newlyBlocked.days.length > 0 && <WhenTable days={summary.newlyBlocked.days} />}
      <ExceptionsCard exceptions={summary.exceptions} />
      <Whom summary={summary} />
    </Stack>
  );
}
