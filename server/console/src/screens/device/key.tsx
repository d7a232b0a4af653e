import { List, Stack, Text, Title } from '@mantine/core';
import { IconHelp, IconShieldCheck } from '@tabler/icons-react';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';
import classes from './device.module.css';
import { SameHardware } from './same-hardware.tsx';

const words = t.device.key;

/** What is known of the key of a device, apart from what is only claimed. */
export function Key({ device }: { device: DeviceDetail }) {
  const isAttested = device.keyProtection === 'hardware-attested';
  const lives = words.providers[device.keyProvider];
  return (
    <Stack gap="md">
      <Facts
        facts={[
          [words.level, t.devices.values.keyProtection[device.keyProtection]],
          [words.thumbprint, <CopyText key="jkt" text={device.keyThumbprint} label={words.thumbprint} />],
        ]}
      />
      <div className={classes['sides']}>
        <Side
          icon={IconShieldCheck}
          title={words.known}
          lead={words.knownLead}
          items={[words.holds, words.sameKey, ...(isAttested ? [words.attested, lives] : [words.notAttested])]}
        />
        <Side
          icon={IconHelp}
          title={words.claimed}
          lead={words.claimedLead}
          items={[...(isAttested ? [] : [lives]), words.readings]}
        />
      </div>
      <Card title={words.hardware}>
        <SameHardware devices={device.sameHardware} />
      </Card>
    </Stack>
  );
}

function Side({
  icon: Icon,
  title,
  lead,
  items,
}: {
  icon: typeof IconHelp;
  title: string;
  lead: string;
  items: readonly string[];
}) {
  return (
    <Stack gap={4}>
      <Title order={3} size="h5">
        <Icon size={18} stroke={1.6} aria-hidden /> {title}
      </Title>
      <Text size="sm" c="dimmed">
        {lead}
      </Text>
      <List size="sm">
        {items.map((item) => (
          <List.Item key={item}>{item}</List.Item>
        ))}
      </List>
    </Stack>
  );
}
