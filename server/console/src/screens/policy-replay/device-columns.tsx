import { List, Text } from '@mantine/core';
import type { ReplayedDevice } from '@postern/shared/protocol/policy-replay';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { whyOf } from './why-of.ts';

const words = t.policyReplay;

/** Devices for which something would change. */
export const deviceColumns: readonly Column<ReplayedDevice>[] = [
  {
    key: 'device',
    title: words.device,
    show: ({ device }) => (
      <AppLink to="/devices/$id" params={{ id: device.id }}>
        {device.name || device.id}
      </AppLink>
    ),
    text: ({ device }) => device.name,
  },
  {
    key: 'person',
    title: words.person,
    show: ({ person }) =>
      person === null ? (
        words.nobody
      ) : (
        <AppLink to="/people/$id" params={{ id: person.id }}>
          {person.name}
        </AppLink>
      ),
    text: ({ person }) => person?.name ?? null,
  },
  {
    key: 'change',
    title: words.change,
    show: ({ change }) => words.changes[change],
    text: ({ change }) => change,
  },
  {
    key: 'blocked',
    title: words.blockedAt,
    show: ({ blockedAt }) => (blockedAt === null ? '' : <When at={blockedAt} />),
    text: ({ blockedAt }) => blockedAt,
  },
  {
    key: 'why',
    title: words.why,
    width: '36%',
    show: ({ detail }) => (
      <List size="xs" listStyleType="none">
        {whyOf(detail).map(({ title, more }) => (
          <List.Item key={title}>
            {title}
            {more !== '' && (
              <Text span size="xs" c="dimmed">
                {` ${more}`}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    ),
    text: ({ detail }) =>
      whyOf(detail)
        .map(({ title, more }) => `${title} ${more}`.trim())
        .join('; '),
  },
];
