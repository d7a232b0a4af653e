import { Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import { usePreferences } from '../../app/preferences.ts';
import { AppLink, ButtonLink } from '../../parts/app-link.tsx';
import { Facts } from '../../parts/facts.tsx';
import { fixLink } from '../../parts/fix-link.ts';
import { sayAbsolute } from '../../parts/say-time.ts';
import { ExceptionSign, RuleSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.mine;

/** A rule that stands in the way: what it asks for, what was found, by when, and how to fix it. */
export function FailingRule({
  rule,
  deviceId,
  asked,
}: {
  rule: RuleResult;
  deviceId: string;
  /** What was asked for already, and is open. */
  asked: ExceptionView | undefined;
}) {
  const { title, expected, observed, reason, since, deadline, standing, fix, held } = rule;
  const [{ zone }] = usePreferences();
  const reference = `${rule.policy}/${rule.rule}`;
  const link = fixLink(fix?.link ?? null);
  return (
    <Paper withBorder p="sm" data-rule={reference}>
      <Stack gap="xs">
        <Group gap="xs">
          <RuleSign rule={rule} />
          <Text fw={600}>{title}</Text>
          <Text size="xs" c="dimmed">
            {reference}
          </Text>
        </Group>
        <Facts
          facts={[
            [words.expected, expected],
            [words.observed, reason === null ? (observed ?? words.nothingFound) : null],
            [words.whyUnknown, reason],
            [words.since, since === null ? null : <When key="since" at={since} both />],
            [
              words.blocksAt,
              standing === 'blocked' ? words.blocked : deadline === null ? null : <When key="by" at={deadline} both />,
            ],
            [words.howToFix, fix?.text],
          ]}
        />
        {held !== null && <Text size="sm">{words.held(sayAbsolute(Date.parse(held.until), zone))}</Text>}
        <Group gap="sm">
          {link !== undefined && (
            <Anchor href={link} rel="noreferrer noopener" size="sm">
              {words.openFix}
            </Anchor>
          )}
          {asked !== undefined && (
            <Group gap="xs">
              <ExceptionSign state={asked.state} live={asked.live} />
              <AppLink to="/exceptions/$id" params={{ id: asked.id }} size="sm">
                {words.askedForRule}
              </AppLink>
            </Group>
          )}
          {asked === undefined && (
            <ButtonLink
              to="/me/ask"
              search={{ kind: 'rules', device: deviceId, rule: reference }}
              size="xs"
              variant="default"
              aria-label={words.askForRuleLabel(title)}
            >
              {words.askForRule}
            </ButtonLink>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
