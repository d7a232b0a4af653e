import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import { AppLink } from '../../parts/app-link.tsx';
import { Facts } from '../../parts/facts.tsx';
import { fixPage } from '../../parts/fix-link.ts';
import { RuleSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.device.verdict;

/** One rule with its evidence: what was expected, what was seen, since when, by when, and how to fix it. */
export function Rule({ rule }: { rule: RuleResult }) {
  const { fix, exception, held } = rule;
  const page = fixPage(fix?.link ?? null);
  return (
    <Paper withBorder p="sm" component="article" aria-label={rule.title}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <RuleSign rule={rule} />
            <Title order={4} size="h5">
              {rule.title}
            </Title>
          </Group>
          <Text size="xs" c="dimmed">
            {words.severity[rule.severity]} · {words.version(rule.policy, rule.policyVersion)}
          </Text>
        </Group>
        <Facts
          facts={[
            [words.expected, rule.expected],
            [words.observed, rule.observed ?? words.nothingObserved],
            [words.reason, rule.reason],
            [words.since, rule.since === null ? null : <When key="since" at={rule.since} both />],
            [
              rule.standing === 'blocked' ? words.blocksSince : words.deadline,
              rule.deadline === null ? null : <When key="deadline" at={rule.deadline} both />,
            ],
            [
              words.exception,
              exception === null ? null : (
                <Group key="exception" gap="xs">
                  <When at={exception.expiresAt} both />
                  <AppLink to="/exceptions/$id" params={{ id: exception.id }} inherit>
                    {words.seeException}
                  </AppLink>
                </Group>
              ),
            ],
            [words.held, held === null ? null : <When key="held" at={held.until} both />],
            [
              words.fix,
              fix === null ? null : (
                <>
                  {fix.text}{' '}
                  {page !== undefined && (
                    <Anchor href={page} target="_blank" rel="noreferrer noopener" inherit>
                      {words.fixLink}
                    </Anchor>
                  )}
                </>
              ),
            ],
          ]}
        />
        {rule.reportOnly && (
          <Text size="sm" c="dimmed">
            {words.reportOnly}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
