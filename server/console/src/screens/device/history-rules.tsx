import { Group, List, Text } from '@mantine/core';
import type { DeviceHistoryItem } from '@postern/shared/protocol/fleet';
import { RuleSign } from '../../parts/standing.tsx';
import { t } from '../../strings/index.ts';

type Rules = NonNullable<DeviceHistoryItem['verdict']>['rules'];
type Standing = Rules[number]['from'];

/** Rules that came to stand otherwise. */
export function HistoryRules({ rules }: { rules: Rules }) {
  return (
    <List size="sm" listStyleType="none" aria-label={t.device.history.rules}>
      {rules.map(({ rule, from, to }) => (
        <List.Item key={rule}>
          <Group gap={6}>
            <Text span size="sm">
              {rule}
            </Text>
            <Sign standing={from} />
            <span aria-hidden>→</span>
            <Sign standing={to} />
          </Group>
        </List.Item>
      ))}
    </List>
  );
}

function Sign({ standing }: { standing: Standing }) {
  if (standing !== null) return <RuleSign rule={standing} />;
  return (
    <Text span size="sm" c="dimmed">
      {t.device.history.nothing}
    </Text>
  );
}
