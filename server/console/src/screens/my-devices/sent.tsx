import { Button, Code, Group, Stack, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { MyDeviceDetail } from '@postern/shared/protocol/my-device';
import { download } from '../../parts/download.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { sayReading } from './say-reading.ts';

const words = t.mine;

/** Exactly what is stored of the last report: nobody has to guess what their device tells. */
export function Sent({ device, sent }: { device: MyDeviceDetail; sent: MyDeviceDetail['sent'] }) {
  if (sent === null) return <Text size="sm">{words.neverSent}</Text>;
  const readings = Object.fromEntries(sent.map(({ check, reading }) => [check, reading]));
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm">
          {words.sentAt} <When at={device.report?.receivedAt} both />
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => download(`${device.id}.json`, 'application/json', JSON.stringify(readings, null, 2))}
        >
          {words.takeAlong}
        </Button>
      </Group>
      <Table aria-label={words.sent} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.check}</Table.Th>
            <Table.Th>{words.value}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sent.map(({ check, title, about, reading }) => (
            <Table.Tr key={check}>
              <Table.Td style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
                {title}
                <Text size="xs" c="dimmed">
                  {about}
                </Text>
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {sayReading(reading)}
                </Code>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {words.howText(reading.method, reading.privilege)}, <When at={reading.collectedAt} />
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
