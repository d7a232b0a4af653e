import { Group, Stack, Text, ThemeIcon } from '@mantine/core';
import type { Need } from '@postern/shared/protocol/overview';
import { AppLink } from '../../parts/app-link.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import classes from './overview.module.css';
import { needLooks } from './need-looks.ts';

const words = t.overview;

/** One thing that needs somebody: how many, what is the matter, what to do, and the way there. */
export function NeedItem({ need: { kind, count, isMore, since, by } }: { need: Need }) {
  const { icon: Icon, color, to, search } = needLooks[kind];
  const { title, matter, todo, link } = words.needs[kind];
  return (
    <li className={classes['need']} data-need={kind}>
      <ThemeIcon variant="light" color={color} size={36} radius="md" aria-hidden>
        <Icon size={20} stroke={1.6} />
      </ThemeIcon>
      <Stack gap={2} style={{ flex: 1, minWidth: 0 }}>
        <Group justify="space-between" gap="xs">
          <Text fw={600}>{title(words.countOf(kind, count, isMore))}</Text>
          <AppLink to={to} search={search} size="sm">
            {link}
          </AppLink>
        </Group>
        <Text size="sm">
          {matter} {todo}
        </Text>
        {(by !== null || since !== null) && (
          <Text size="sm" c="dimmed">
            {by === null ? words.since : words.by} <When at={by ?? since} both />
          </Text>
        )}
      </Stack>
    </li>
  );
}
