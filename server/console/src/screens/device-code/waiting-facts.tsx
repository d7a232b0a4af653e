import { Text } from '@mantine/core';
import type { WaitingDevice } from '@postern/shared/protocol/enrollment';
import { Facts } from '../../parts/facts.tsx';
import { Countdown, When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.deviceCode.facts;

/** What a device says that asks, and what is known of it. */
export function WaitingFacts({ device }: { device: WaitingDevice }) {
  const { signIn, deviceName, remoteAddress, sameAddress } = device;
  const address =
    remoteAddress === null
      ? words.unknownAddress
      : `${remoteAddress} (${sameAddress ? words.sameAddress : words.otherAddress})`;
  return (
    <Facts
      facts={[
        [words.code, device.userCode],
        ...(signIn === null
          ? [
              [
                words.device,
                <>
                  {deviceName ?? words.unnamed}
                  <Text size="xs" c="dimmed">
                    {t.deviceCode.ownWord}
                  </Text>
                </>,
              ] as const,
            ]
          : [[words.enrolledDevice, signIn.device.name] as const, [words.resource, signIn.resource] as const]),
        [words.address, address],
        [words.asked, <When key="asked" at={device.requestedAt} both />],
        [words.expires, <Countdown key="expires" until={device.expiresAt} />],
      ]}
    />
  );
}
