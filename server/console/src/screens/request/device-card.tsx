import { Alert, Badge, Group } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { DeviceStateSign, PostureSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.request.device;

/** The device that it is for: what is known of it, and what only its agent says. */
export function DeviceCard({ device, mayOpen }: { device: ExceptionEvidence['device']; mayOpen: boolean }) {
  const { id, name, owner, state, quarantine, status, platform, keyProtection, ownership } = device;
  const isKnown = keyProtection === 'hardware-attested';
  return (
    <Card
      title={words.title}
      actions={
        mayOpen && (
          <AppLink size="sm" to="/devices/$id" params={{ id }}>
            {words.open}
          </AppLink>
        )
      }
    >
      {quarantine !== null && (
        <Alert color="orange" icon={<IconAlertTriangle />}>
          {words.quarantined}
        </Alert>
      )}
      <Facts
        facts={[
          [words.name, name],
          [words.owner, owner.name],
          [words.posture, <PostureSign key="posture" status={status} />],
          [words.state, <DeviceStateSign key="state" state={state} isQuarantined={quarantine !== null} />],
          [words.system, words.systems[platform]],
          [
            words.key,
            <Group key="key" gap={6}>
              <Badge color={isKnown ? 'green' : 'gray'}>{isKnown ? words.known : words.claimed}</Badge>
              <span>{words.keys[keyProtection]}</span>
            </Group>,
          ],
          [words.ownership, words.ownerships[ownership]],
          [words.seen, <When key="seen" at={device.lastSeenAt} both />],
          [words.enrolled, <When key="enrolled" at={device.enrolledAt} both />],
        ]}
      />
    </Card>
  );
}
