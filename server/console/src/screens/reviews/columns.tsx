import { Badge, Button, Stack, Text } from '@mantine/core';
import type { ReviewView } from '@postern/shared/protocol/review';
import type { Column } from '../../parts/column.ts';
import { TimeLeft } from '../../parts/exception/time-left.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { reviewText, verdictText } from './review.ts';

const words = t.reviews;
const titles = words.columns;

type Look = (id: string) => void;

function what(look: Look): Column<ReviewView> {
  return {
    key: 'what',
    title: titles.what,
    width: '40%',
    show: (review) => (
      <Stack gap={2} align="flex-start">
        <Text size="sm" fw={600}>
          {reviewText(review)}
        </Text>
        {review.kind === 'rule' && <Text size="xs">{review.subject}</Text>}
        <Text size="xs" c="dimmed">
          {review.reason}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => look(review.id)}
          aria-label={words.lookAt(reviewText(review))}
        >
          {words.look}
        </Button>
      </Stack>
    ),
    text: reviewText,
  };
}

const asked: Column<ReviewView> = {
  key: 'asked',
  title: titles.asked,
  show: (review) => <Text size="sm">{askedOf(review)}</Text>,
  text: askedOf,
};

/** Reviews that wait. */
export function openColumns(look: Look): readonly Column<ReviewView>[] {
  return [
    what(look),
    {
      key: 'state',
      title: titles.state,
      show: ({ state }) => <Badge color={state === 'overdue' ? 'red' : 'blue'}>{words.states[state]}</Badge>,
      text: ({ state }) => state,
    },
    {
      key: 'due',
      title: titles.due,
      show: ({ state, dueAt }) => (state === 'overdue' ? <When at={dueAt} /> : <TimeLeft until={dueAt} />),
      text: ({ dueAt }) => dueAt,
    },
    asked,
    {
      key: 'reason',
      title: titles.opened,
      show: ({ openedAt }) => <When at={openedAt} />,
      text: ({ openedAt }) => openedAt,
    },
  ];
}

/** Reviews that were decided. */
export function decidedColumns(look: Look): readonly Column<ReviewView>[] {
  return [
    what(look),
    {
      key: 'verdict',
      title: titles.verdict,
      show: (review) => verdictOf(review),
      text: verdictOf,
    },
    {
      key: 'by',
      title: titles.decided,
      show: ({ decidedBy, decidedAt }) => (
        <Text size="sm">
          {decidedBy?.name ?? words.nobody} <When at={decidedAt} />
        </Text>
      ),
      text: ({ decidedBy, decidedAt }) => `${decidedBy?.name ?? ''} ${decidedAt ?? ''}`.trim(),
    },
    {
      key: 'note',
      title: titles.note,
      show: ({ note }) => (
        <Text size="xs" c="dimmed" lineClamp={3}>
          {note}
        </Text>
      ),
      text: ({ note }) => note,
    },
  ];
}

function verdictOf({ kind, verdict }: ReviewView): string {
  return verdict === null ? '' : verdictText(kind, verdict);
}

function askedOf({ reviewers }: ReviewView): string {
  return reviewers.length === 0 ? words.everyApprover : reviewers.map(({ name }) => name).join(', ');
}
