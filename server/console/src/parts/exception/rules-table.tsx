import { Anchor, Badge, Stack, Text } from '@mantine/core';
import type { EvidenceRule, ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { usePreferences } from '../../app/preferences.ts';
import { t } from '../../strings/index.ts';
import { fixLink } from '../fix-link.ts';
import { sayAbsolute } from '../say-time.ts';
import { StackedTable } from '../stacked-table.tsx';
import { RuleSign } from '../standing.tsx';
import { When } from '../when.tsx';

const words = t.deciding.rule;

/** Each rule that a request is about: what it asks for, and what was found when asked, is found now, and was when it was last in order. */
export function RulesTable({ evidence }: { evidence: ExceptionEvidence }) {
  const { rules, exception, recordedSince } = evidence;
  if (rules.length === 0) return <Text size="sm">{words.none}</Text>;
  const then = exception.approvedAt === null ? words.atRequest : words.atApproval;
  return (
    <StackedTable label={words.label} titles={[words.rule, words.expected, then, words.now, words.lastGood]}>
      {rules.map((rule) => ({
        key: rule.rule,
        cells: [
          <Named key="rule" rule={rule} />,
          rule.now?.expected ?? '–',
          <Then key="then" rule={rule} />,
          <Now key="now" rule={rule} />,
          <LastGood key="good" rule={rule} since={recordedSince} />,
        ],
      }))}
    </StackedTable>
  );
}

function Named({ rule: { rule, now } }: { rule: EvidenceRule }) {
  return (
    <Stack gap={2} miw={110}>
      <Text size="sm" fw={600}>
        {now?.title ?? rule}
      </Text>
      <Text size="xs" c="dimmed">
        {now === null ? rule : `${rule} · ${now.severity}`}
      </Text>
    </Stack>
  );
}

function Then({ rule: { atRequest } }: { rule: EvidenceRule }) {
  if (atRequest === null) return <>–</>;
  return (
    <Stack gap={2}>
      <Text size="sm">{words.outcomes[atRequest.outcome]}</Text>
      <Text size="xs" c="dimmed">
        {atRequest.observed ?? words.nothing}
      </Text>
    </Stack>
  );
}

function Now({ rule: { now, atRequest } }: { rule: EvidenceRule }) {
  if (now === null) return <Text size="sm">{words.gone}</Text>;
  const isOther = atRequest !== null && (atRequest.outcome !== now.outcome || atRequest.observed !== now.observed);
  const link = fixLink(now.fix?.link ?? null);
  return (
    <Stack gap={2} align="flex-start">
      <RuleSign rule={now} />
      <Text size="xs" c="dimmed">
        {now.observed ?? now.reason ?? words.nothing}
      </Text>
      {now.outcome === 'pass' && <Text size="xs">{words.passesNow}</Text>}
      {isOther && now.outcome !== 'pass' && <Badge color="orange">{words.changed}</Badge>}
      {now.since !== null && (
        <Text size="xs" c="dimmed">
          {words.failingSince} <When at={now.since} />
        </Text>
      )}
      {link !== undefined && (
        <Anchor size="xs" href={link} target="_blank" rel="noreferrer">
          {words.fix}
        </Anchor>
      )}
    </Stack>
  );
}

function LastGood({ rule: { lastGood }, since }: { rule: EvidenceRule; since: string | null }) {
  const [{ zone }] = usePreferences();
  if (lastGood === null) {
    const said = since === null ? words.neverGood : words.neverGoodSince(sayAbsolute(Date.parse(since), zone));
    return (
      <Text size="sm" c="dimmed">
        {said}
      </Text>
    );
  }
  return (
    <Stack gap={2}>
      <Text size="sm">
        <When at={lastGood.until ?? lastGood.from} />
      </Text>
      <Text size="xs" c="dimmed">
        {lastGood.observed ?? words.notKept}
      </Text>
    </Stack>
  );
}
