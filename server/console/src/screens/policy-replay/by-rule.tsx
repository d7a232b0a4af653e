import { Badge, Group, Stack, Text } from '@mantine/core';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { t } from '../../strings/index.ts';

type Rule = ReplaySummary['rules'][number];
const words = t.policyReplay;

const blockedBy = ({ newlyBlocked: { atOnce, atDeadline } }: Rule) => atOnce + atDeadline;
const number = (key: 'pass' | 'fail' | 'unknown' | 'notCollected', title: string): Column<Rule> => ({
  key,
  title,
  show: (rule) => rule[key],
  text: (rule) => rule[key],
  numeric: true,
});

const columns: readonly Column<Rule>[] = [
  {
    key: 'rule',
    title: words.rule,
    width: '35%',
    show: ({ rule, title, reportOnly, reasons }) => (
      <Stack gap={2}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          {reportOnly && <Badge color="gray">{words.watched}</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          {rule}
        </Text>
        {reasons.map(({ reason, devices }) => (
          <Text key={reason} size="xs" c="dimmed">
            {`${devices} × ${reason}`}
          </Text>
        ))}
      </Stack>
    ),
    text: ({ rule }) => rule,
  },
  { key: 'blocks', title: words.blocks, show: blockedBy, text: blockedBy, numeric: true },
  {
    key: 'mayAsk',
    title: words.mayAsk,
    show: (rule) => (blockedBy(rule) === 0 ? '' : words.mayAskOf(rule.exceptions.mayAsk, blockedBy(rule))),
    text: ({ exceptions }) => exceptions.mayAsk,
    numeric: true,
  },
  number('pass', words.pass),
  number('fail', words.fail),
  number('unknown', words.unknown),
  number('notCollected', words.notCollected),
];

/** What each rule finds: those that newly block most first. */
export function ByRule({ rules }: { rules: readonly Rule[] }) {
  const sorted = rules.toSorted((left, right) => blockedBy(right) - blockedBy(left) || right.fail - left.fail);
  return (
    <Stack gap="xs">
      <Group justify="flex-end">
        <ItemsCsv name="replay-rules" columns={columns} items={sorted} />
      </Group>
      <DataTable label={words.ruleList} columns={columns} items={sorted} idOf={({ rule }) => rule} empty={null} />
    </Stack>
  );
}
