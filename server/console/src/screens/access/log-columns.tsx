import { Stack, Text } from '@mantine/core';
import type { AccessLogEntry } from '@postern/shared/protocol/access';
import type { Column } from '../../parts/column.ts';
import { ExceptionLink } from '../../parts/exception/exception-link.tsx';
import { sayLength } from '../../parts/say-time.ts';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.access;
const titles = words.columns;

/** Access that was ever granted, with what came of it. */
export const logColumns: readonly Column<AccessLogEntry>[] = [
  {
    key: 'who',
    title: titles.who,
    show: (each) => <ExceptionLink exception={each}>{each.person.name}</ExceptionLink>,
    text: ({ person }) => person.name,
  },
  { key: 'resource', title: titles.resource, show: ({ resource }) => resource, text: ({ resource }) => resource },
  { key: 'role', title: titles.role, show: ({ role }) => role, text: ({ role }) => role },
  { key: 'device', title: titles.device, show: ({ device }) => device.name, text: ({ device }) => device.name },
  { key: 'approved', title: titles.approved, show: approvers, text: approvers },
  {
    key: 'start',
    title: titles.start,
    show: ({ begunAt }) => (begunAt === null ? words.neverBegun : <When at={begunAt} />),
    text: ({ begunAt }) => begunAt,
  },
  {
    key: 'inForce',
    title: titles.inForce,
    show: ({ secondsInForce }) => sayLength(secondsInForce),
    text: ({ secondsInForce }) => secondsInForce,
  },
  {
    key: 'ended',
    title: titles.ended,
    show: (entry) => <Ended entry={entry} />,
    text: ({ endedAt, state }) => endedAt ?? state,
  },
  {
    key: 'tokens',
    title: titles.tokens,
    numeric: true,
    show: ({ tokens }) => words.tokens(tokens.count),
    text: ({ tokens }) => tokens.count,
  },
  {
    key: 'reason',
    title: titles.why,
    show: ({ justification, ticket }) => (
      <Text size="xs" c="dimmed" lineClamp={2}>
        {ticket === null ? justification : `${ticket}: ${justification}`}
      </Text>
    ),
    text: ({ justification }) => justification,
  },
];

function approvers({ approvedBy, autoApprovedBy, emergency }: AccessLogEntry): string {
  if (autoApprovedBy !== null) return words.byTemplate(autoApprovedBy);
  return emergency && approvedBy.length === 0 ? words.emergency : approvedBy.map(({ name }) => name).join(', ');
}

function Ended({ entry: { state, endedAt, endedBy, endedReason } }: { entry: AccessLogEntry }) {
  return (
    <Stack gap={2} align="flex-start">
      <ExceptionSign state={state} />
      {endedAt !== null && (
        <Text size="xs" c="dimmed">
          <When at={endedAt} /> · {endedBy?.name ?? words.ranOut}
        </Text>
      )}
      {endedReason !== null && (
        <Text size="xs" c="dimmed" lineClamp={2}>
          {endedReason}
        </Text>
      )}
    </Stack>
  );
}
