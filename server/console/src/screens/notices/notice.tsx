import { ActionIcon, Blockquote, Group, Paper, Stack, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconPointFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { NoticeView } from '@postern/shared/protocol/notice';
import { readers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Facts } from '../../parts/facts.tsx';
import { subjectPath } from '../../parts/subject-path.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.notices;

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** Times come as programs write them. */
function valueOf(value: string): ReactNode {
  return timestamp.test(value) ? <When at={value} both /> : value;
}

/** One notice, with all it says: nothing has to be opened to be read. */
export function Notice({ notice, markRead }: { notice: NoticeView; markRead: (id: string) => void }) {
  const { id, type, title, at, facts, text, subject, readAt } = notice;
  const isUnread = readAt === null;
  const place = subjectPath(type, subject, useIs(...readers));
  return (
    <Paper component="li" withBorder p="sm" data-id={id} data-unread={isUnread}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
        <Stack gap={4} miw={0}>
          <Group gap={6} wrap="nowrap" align="flex-start">
            {isUnread && (
              <IconPointFilled
                size={18}
                style={{ flex: 'none' }}
                color="var(--mantine-color-blue-filled)"
                aria-hidden
              />
            )}
            <Text fw={isUnread ? 600 : 400} style={{ overflowWrap: 'anywhere' }}>
              {isUnread && <VisuallyHidden>{words.isUnread} </VisuallyHidden>}
              {title}
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            <When at={at} both />
          </Text>
          {facts.length > 0 && <Facts facts={facts.map(({ label, value }) => [label, valueOf(value)] as const)} />}
          {text !== null && (
            <Blockquote p="xs" my={4} fz="sm" aria-label={words.wrote} style={{ overflowWrap: 'anywhere' }}>
              {text}
            </Blockquote>
          )}
          {place !== undefined && (
            <AppLink to={place} size="sm" onClick={() => isUnread && markRead(id)}>
              {words.look}
            </AppLink>
          )}
        </Stack>
        {isUnread && (
          <Tooltip label={words.markRead}>
            <ActionIcon variant="default" aria-label={words.markReadOf(title)} onClick={() => markRead(id)}>
              <IconCheck size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Paper>
  );
}
