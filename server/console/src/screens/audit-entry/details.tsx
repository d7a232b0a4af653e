import { Code, Table, Text } from '@mantine/core';
import type { AuditEntryView } from '@postern/shared/protocol/admin';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';

const words = t.audit.entry;

/** The facts that were recorded with it, and its place in the chain. */
export function Details({ entry: { seq, data, hash, previousHash } }: { entry: AuditEntryView }) {
  const facts = Object.entries(data);
  return (
    <Card title={words.data}>
      {facts.length === 0 ? (
        <Text size="sm">{words.noData}</Text>
      ) : (
        <Table aria-label={words.data} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="30%">{words.name}</Table.Th>
              <Table.Th>{words.value}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {facts.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{name}</Table.Td>
                <Table.Td>
                  <Code
                    block={typeof value === 'object' && value !== null}
                    style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
                  >
                    {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
                  </Code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Facts
        facts={[
          [words.number, seq],
          [
            words.hash,
            <Code key="hash" style={{ overflowWrap: 'anywhere' }}>
              {hash}
            </Code>,
          ],
          [
            words.previous,
            <Code key="previous" style={{ overflowWrap: 'anywhere' }}>
              {previousHash}
            </Code>,
          ],
        ]}
      />
    </Card>
  );
}
