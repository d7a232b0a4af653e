import { Group, List, Text } from '@mantine/core';
import { IconCheck, IconClock, IconLoader2, IconX } from '@tabler/icons-react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import { scopeText } from '../../parts/mine/scope.ts';
import { t } from '../../strings/index.ts';

/** How far one of several requests is. */
export type Outcome = { kind: 'waits' } | { kind: 'working' } | { kind: 'done' } | { kind: 'failed'; sentence: string };

const icons = {
  waits: <IconClock size={16} style={{ flex: 'none' }} aria-hidden />,
  working: <IconLoader2 size={16} style={{ flex: 'none' }} aria-hidden />,
  done: <IconCheck size={16} color="var(--mantine-color-green-7)" style={{ flex: 'none' }} aria-hidden />,
  failed: <IconX size={16} color="var(--mantine-color-red-7)" style={{ flex: 'none' }} aria-hidden />,
};

/** What became of each of several requests. */
export function OutcomeList({
  requests,
  outcomes,
  say,
}: {
  requests: readonly WaitingRequest[];
  outcomes: ReadonlyMap<string, Outcome>;
  say: (outcome: Outcome) => string;
}) {
  return (
    <List size="sm" listStyleType="none" spacing={4} aria-label={t.inbox.bulk.list}>
      {requests.map((request) => {
        const outcome = outcomes.get(request.id) ?? { kind: 'waits' };
        return (
          <List.Item key={request.id}>
            <Group gap={6} wrap="nowrap" align="flex-start">
              {icons[outcome.kind]}
              <span>
                {t.inbox.asks(request.person.name, scopeText(request))}
                <Text span size="sm" {...(outcome.kind === 'failed' ? { fw: 600 } : { c: 'dimmed' })}>
                  {` ${say(outcome)}`}
                </Text>
              </span>
            </Group>
          </List.Item>
        );
      })}
    </List>
  );
}
