import { Badge, Button, Group, Text } from '@mantine/core';
import type { Session } from '@postern/shared/protocol/sign-in';
import { t } from '../../strings/index.ts';
import { StackedTable } from '../stacked-table.tsx';
import { When } from '../when.tsx';
import { browserName } from './browser-name.ts';

const words = t.account.sessions;

function nameOf({ userAgent }: Session): string {
  const found = browserName(userAgent);
  return found === undefined ? (userAgent ?? words.unknownBrowser) : words.browserOn(found.browser, found.system);
}

/** Where somebody is signed in. `end` is left out where nobody may end one of them by itself. */
export function SessionList({ sessions, end }: { sessions: readonly Session[]; end?: (session: Session) => void }) {
  if (sessions.length === 0) return <Text c="dimmed">{words.none}</Text>;
  const titles = [words.browser, words.how, words.from, words.since, words.ends];
  return (
    <StackedTable label={words.label} titles={end === undefined ? titles : [...titles, t.common.actions]}>
      {sessions.map((session) => ({
        key: session.id,
        cells: [
          <Group key="browser" gap="xs" wrap="nowrap">
            <Text size="sm" lineClamp={2} title={session.userAgent ?? ''}>
              {nameOf(session)}
            </Text>
            {session.current && <Badge color="blue">{words.here}</Badge>}
          </Group>,
          words.methods[session.method],
          session.remoteAddress ?? t.common.unknown,
          <When key="since" at={session.createdAt} />,
          <When key="ends" at={session.expiresAt} />,
          session.current ? null : (
            <Button
              key="end"
              size="compact-xs"
              variant="default"
              aria-label={words.endLabel(nameOf(session))}
              onClick={() => end?.(session)}
            >
              {words.end}
            </Button>
          ),
        ],
      }))}
    </StackedTable>
  );
}
