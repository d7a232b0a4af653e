import { Table, Text } from '@mantine/core';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import { RuleSign } from '../../parts/standing.tsx';
import { Countdown } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.mine;

/** Rules that do not stand in the way, each with why. */
export function OtherRules({ rules }: { rules: readonly RuleResult[] }) {
  if (rules.length === 0) return <Text size="sm">{words.noRules}</Text>;
  return (
    <Table aria-label={words.otherRules(rules.length)} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.rule}</Table.Th>
          <Table.Th>{words.standing}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rules.map((rule) => (
          <Table.Tr key={`${rule.policy}/${rule.rule}`}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {rule.title}
              <Text size="xs" c="dimmed">
                {rule.expected}
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <RuleSign rule={rule} />
              <Text size="xs" c="dimmed">
                {rule.exception === null ? (
                  (rule.reason ?? rule.observed)
                ) : (
                  <Countdown until={rule.exception.expiresAt} />
                )}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
