import { Stack, Table, Text } from '@mantine/core';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import classes from './device.module.css';
import type { HistoryRow } from './two-histories.ts';

const words = t.device.quarantine;
type Entry = DeviceDetail['attestations'][number];

/** What was accepted and what was refused, side by side by the number of the report. */
export function BothHistories({ rows }: { rows: readonly HistoryRow[] }) {
  return (
    <Table layout="fixed" fz="sm" aria-label={words.histories}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="22%">{words.seq}</Table.Th>
          <Table.Th>{words.accepted}</Table.Th>
          <Table.Th>{words.refused}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ seq, accepted, refused, parts }) => (
          <Table.Tr key={seq} className={parts ? (classes['parts'] ?? '') : ''}>
            <Table.Th scope="row">
              {seq}
              {parts && (
                <Text size="xs" fw={600} className={classes['partsHere'] ?? ''}>
                  {words.partsHere}
                </Text>
              )}
            </Table.Th>
            <Table.Td>{accepted === undefined ? words.none : <Report entry={accepted} />}</Table.Td>
            <Table.Td>
              <Stack gap="xs">
                {refused.length === 0
                  ? words.none
                  : refused.map((entry) => (
                      <Report key={entry.hash + entry.receivedAt} entry={entry} cause={entry.cause} />
                    ))}
              </Stack>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Report({
  entry: { hash, receivedAt, remoteAddress },
  cause,
}: {
  entry: Entry;
  /** Why it was refused. */
  cause?: string;
}) {
  const short: Readonly<Record<string, string>> = words.short;
  const why = cause === undefined ? undefined : Object.hasOwn(short, cause) ? short[cause] : cause;
  return (
    <div>
      <When at={receivedAt} />
      {why !== undefined && ` · ${why}`}
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {words.at(hash.slice(0, 12))}
        {remoteAddress === null ? '' : ` · ${words.fromAddress(remoteAddress)}`}
      </Text>
    </div>
  );
}
