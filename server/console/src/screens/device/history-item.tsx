import { Group, Stack, Text, Title } from '@mantine/core';
import type { DeviceHistoryItem } from '@postern/shared/protocol/fleet';
import { PostureSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import classes from './device.module.css';
import { HistoryRules } from './history-rules.tsx';
import { ReadingPairs } from './reading-pairs.tsx';

const words = t.device.history;
const statuses = t.devices.values.status;

function titleOf({ verdict }: DeviceHistoryItem): string {
  if (verdict === null) return words.onlyReadings;
  const to = statuses[verdict.to];
  if (verdict.from === null) return words.first(to);
  return verdict.from === verdict.to ? words.sameStatus(to) : words.from(statuses[verdict.from], to);
}

/** What one report changed. */
export function HistoryItem({ item }: { item: DeviceHistoryItem }) {
  const { verdict, checks, seq } = item;
  const isFirst = seq === 1 && checks !== null;
  return (
    <li className={classes['moment']}>
      <Stack gap="xs">
        <Group gap="xs">
          {verdict !== null && <PostureSign status={verdict.to} />}
          <Title order={3} size="h5">
            {titleOf(item)}
          </Title>
          <Text size="sm" c="dimmed">
            {words.report(seq)} · <When at={item.at} both />
          </Text>
        </Group>
        {verdict !== null && verdict.from !== null && verdict.rules.length > 0 && (
          <HistoryRules rules={verdict.rules} />
        )}
        {isFirst && <Text size="sm">{words.firstReadings(checks.length)}</Text>}
        {!isFirst && checks !== null && checks.length > 0 && (
          <ReadingPairs
            label={words.readings}
            left={words.before}
            right={words.after}
            pairs={checks.map(({ check, title, from, to }) => ({ check, title, left: from, right: to }))}
          />
        )}
        {checks === null && verdict !== null && (
          <Text size="sm" c="dimmed">
            {words.notKept}
          </Text>
        )}
      </Stack>
    </li>
  );
}
