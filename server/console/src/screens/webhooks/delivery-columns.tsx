import { Code, Text } from '@mantine/core';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { DeliverySign } from './delivery-sign.tsx';
import { ReplayButton } from './replay-button.tsx';
import type { Delivery, Webhook } from './types.ts';

const words = t.webhooks;

/** Messages, and what became of each. */
export function deliveryColumns(webhooks: readonly Webhook[], isAdmin: boolean): Column<Delivery>[] {
  const nameOf = ({ channel, target }: Delivery) =>
    channel === 'email' ? words.person : (webhooks.find(({ id }) => id === target)?.label ?? words.gone);
  return [
    {
      key: 'type',
      title: words.what,
      show: ({ type }) => <Code>{type}</Code>,
      text: ({ type }) => type,
    },
    {
      key: 'to',
      title: words.to,
      show: (delivery) =>
        delivery.channel === 'email' ? (
          <AppLink to={`/people/${delivery.target}`} size="sm">
            {words.person}
          </AppLink>
        ) : (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {nameOf(delivery)}
          </Text>
        ),
      text: ({ target }) => target,
    },
    {
      key: 'when',
      title: words.when,
      show: ({ createdAt }) => <When at={createdAt} />,
      text: ({ createdAt }) => createdAt,
    },
    {
      key: 'outcome',
      title: words.outcome,
      show: (delivery) => <DeliverySign delivery={delivery} />,
      text: ({ state }) => state,
    },
    {
      key: 'attempts',
      title: words.attempts,
      numeric: true,
      show: ({ attempts }) => attempts,
      text: ({ attempts }) => attempts,
    },
    {
      key: 'answer',
      title: words.answer,
      show: ({ status, error }) => (
        <Text size="xs" c="dimmed" maw={320} style={{ overflowWrap: 'anywhere' }}>
          {sayAnswer(status, error)}
        </Text>
      ),
      text: ({ status, error }) => [status, error].filter((each) => each !== null).join(' '),
    },
    ...(isAdmin
      ? [
          {
            key: 'actions',
            title: t.common.actions,
            show: (delivery: Delivery) => <ReplayButton delivery={delivery} to={nameOf(delivery)} />,
            text: ({ id }: Delivery) => id,
          },
        ]
      : []),
  ];
}

/** What came back, once: an error that says no more than the status is left out. */
function sayAnswer(status: number | null, error: string | null): string {
  if (status === null) return error ?? '';
  const said = words.httpStatus(status);
  return error === null || error === `it answered ${status}` ? said : `${said}: ${error}`;
}
