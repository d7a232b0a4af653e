import { Badge, Code, Stack, Text } from '@mantine/core';
import type { Column } from '../../parts/column.ts';
import type { PolicyContent } from '../../parts/policy/types.ts';
import { t } from '../../strings/index.ts';
import { sayExceptions, sayTimeToFix, sayWhere } from './say-content.ts';

type Rule = NonNullable<PolicyContent['content']>['rules'][number];
const words = t.policy;

/** Rules as people read them. */
export const ruleColumns: readonly Column<Rule>[] = [
  {
    key: 'rule',
    title: words.rule,
    width: '28%',
    show: ({ id, title, expected, report_only: isWatched, platforms, when }) => (
      <Stack gap={2}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {id}
        </Text>
        <Text size="xs">{expected}</Text>
        <Text size="xs" c="dimmed">
          {sayWhere({ platforms, when })}
        </Text>
        {isWatched && (
          <Badge color="gray" size="sm">
            {words.watchedRule}
          </Badge>
        )}
      </Stack>
    ),
    text: ({ id }) => id,
  },
  {
    key: 'check',
    title: words.check,
    width: '28%',
    show: ({ check, require }) => (
      <Stack gap={2}>
        <Text size="sm">{check}</Text>
        <Code style={{ overflowWrap: 'anywhere' }}>{require}</Code>
      </Stack>
    ),
    text: ({ check }) => check,
  },
  {
    key: 'severity',
    title: words.severity,
    show: ({ severity }) => severity,
    text: ({ severity }) => severity,
  },
  { key: 'timeToFix', title: words.timeToFix, show: sayTimeToFix, text: sayTimeToFix },
  {
    key: 'unknown',
    title: words.unknown,
    show: (rule) => words.unknowns[rule.on_unknown],
    text: (rule) => rule.on_unknown,
  },
  { key: 'exceptions', title: words.exceptions, show: sayExceptions, text: sayExceptions },
];
