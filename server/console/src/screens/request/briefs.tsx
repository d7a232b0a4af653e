import { Group, List, Text } from '@mantine/core';
import type { ExceptionBrief } from '@postern/shared/protocol/evidence';
import { AppLink } from '../../parts/app-link.tsx';
import { scopeText, scopeTitle } from '../../parts/mine/scope.ts';
import { sayLength } from '../../parts/say-time.ts';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

/** Other requests in a line each, with how they ended and why. */
export function Briefs({
  items,
  label,
  withPerson = false,
}: {
  items: readonly ExceptionBrief[];
  label: string;
  withPerson?: boolean;
}) {
  if (items.length === 0) return null;
  return (
    <List size="sm" listStyleType="none" spacing={6} aria-label={label}>
      {items.map((item) => {
        const reason = item.decisions.findLast(({ reason: said }) => said !== null)?.reason ?? item.endedReason;
        return (
          <List.Item key={item.id}>
            <Group gap={6}>
              <ExceptionSign state={item.state} live={item.live} />
              <AppLink size="sm" to="/exceptions/$id" params={{ id: item.id }}>
                {withPerson ? t.inbox.asks(item.person.name, scopeText(item)) : scopeTitle(item)}
              </AppLink>
              <Text span size="sm" c="dimmed">
                {t.request.brief(sayLength(item.durationSeconds))}, <When at={item.requestedAt} />
              </Text>
            </Group>
            {reason !== null && (
              <Text size="xs" c="dimmed">
                {reason}
              </Text>
            )}
          </List.Item>
        );
      })}
    </List>
  );
}
