import { List, Stack, Text } from '@mantine/core';
import type { MyDeviceDetail } from '@postern/shared/protocol/my-device';
import { sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';

const words = t.mine;

/** What the device is asked to collect: what its policies use and nothing else. */
export function Asked({ collect }: { collect: MyDeviceDetail['collect'] }) {
  return (
    <Stack gap="xs">
      <Text size="sm">{words.collectedLead(sayLength(collect.maxReadingAgeSeconds))}</Text>
      {collect.identifiersKeyed && <Text size="sm">{words.keyed}</Text>}
      <List size="sm">
        {collect.checks.map(({ check, title, about, paths }) => (
          <List.Item key={check}>
            {title}
            <Text size="xs" c="dimmed">
              {about}
            </Text>
            {paths.length > 0 && (
              <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
                {words.paths}: {paths.join(', ')}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
