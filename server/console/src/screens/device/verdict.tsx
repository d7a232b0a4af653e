import { Accordion, Group, Stack, Text, Title } from '@mantine/core';
import { IconReportSearch } from '@tabler/icons-react';
import type { RuleResult, Verdict } from '@postern/shared/protocol/verdict';
import { EmptyState } from '../../parts/empty-state.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { Rule } from './rule.tsx';
import { sortRules } from './rule-order.ts';

const words = t.device.verdict;

/** What policies say of it at this moment. What is in the way is open, what is fine is folded away. */
export function VerdictNow({ verdict }: { verdict: Verdict | null }) {
  if (verdict === null) return <EmptyState icon={IconReportSearch} {...t.device.noVerdict} />;
  const { attention, fine, silent } = sortRules(verdict.rules);
  return (
    <Stack gap="sm">
      <Group gap="md">
        <Text size="sm" c="dimmed">
          {words.validUntil}: <When at={verdict.validUntil} />
        </Text>
        <Text size="sm" c="dimmed">
          {words.policies}: {verdict.policies.map(({ name, version }) => words.version(name, version)).join('; ')}
        </Text>
      </Group>
      {attention.length > 0 && (
        <>
          <Title order={3} size="h5">
            {words.inTheWay}
          </Title>
          {attention.map((rule) => (
            <Rule key={`${rule.policy}/${rule.rule}`} rule={rule} />
          ))}
        </>
      )}
      <Accordion multiple variant="separated" order={3}>
        <Folded name="fine" title={words.fineRules(fine.length)} rules={fine} />
        <Folded name="silent" title={words.othersRules(silent.length)} rules={silent} />
      </Accordion>
    </Stack>
  );
}

function Folded({ name, title, rules }: { name: string; title: string; rules: readonly RuleResult[] }) {
  if (rules.length === 0) return null;
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>{title}</Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs">
          {rules.map((rule) => (
            <Rule key={`${rule.policy}/${rule.rule}`} rule={rule} />
          ))}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
