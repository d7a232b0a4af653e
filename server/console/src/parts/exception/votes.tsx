import { List, Stack, Text } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { t } from '../../strings/index.ts';
import { peopleText } from '../mine/scope.ts';
import { When } from '../when.tsx';

const words = t.deciding.votes;

/** Whom each stage asks and how many it has, then who has voted and how they showed who they are. */
export function Votes({
  exception,
}: {
  exception: Pick<ExceptionView, 'stages' | 'decisions' | 'autoApprovedBy' | 'emergency'>;
}) {
  const { stages, decisions, autoApprovedBy, emergency } = exception;
  return (
    <Stack gap={6}>
      {autoApprovedBy !== null && <Text size="sm">{words.automatic(autoApprovedBy)}</Text>}
      {emergency && <Text size="sm">{words.emergency}</Text>}
      {stages.length > 0 && (
        <List size="sm" listStyleType="none">
          {stages.map((stage) => (
            <List.Item key={stage.title}>
              {stage.title} ({peopleText(stage)}): <strong>{words.stage(stage.given, stage.approvals)}</strong>
            </List.Item>
          ))}
        </List>
      )}
      {decisions.length === 0 ? (
        stages.length > 0 && (
          <Text size="sm" c="dimmed">
            {words.none}
          </Text>
        )
      ) : (
        <List size="sm">
          {decisions.map(({ by, verdict, at, reason, authn }) => (
            <List.Item key={by.id}>
              {words.by(by.name, verdict === 'approve' ? words.approved : words.denied)}{' '}
              {authn !== null && words.proof[authn.level]} <When at={at} />
              {reason !== null && (
                <Text size="sm" c="dimmed">
                  {reason}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
