import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { keepers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Facts } from '../../parts/facts.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { OwnershipDialog } from './ownership-dialog.tsx';

const words = t.device.facts;

/** Whose it is, what it is, and where to read on. */
export function About({ device }: { device: DeviceDetail }) {
  const isAdmin = useIs('admin');
  const mayReadAudit = useIs(...keepers);
  const [isOpen, { open, close }] = useDisclosure(false);
  const { atStake } = device;
  return (
    <Card title={t.device.about}>
      <Facts
        facts={[
          [
            words.person,
            <AppLink key="person" to="/people/$id" params={{ id: device.owner.id }} inherit>
              {device.owner.name}
            </AppLink>,
          ],
          [words.system, t.devices.values.platform[device.platform]],
          [
            words.ownership,
            <Group key="ownership" gap="xs">
              {t.devices.values.ownership[device.ownership]}
              {isAdmin && (
                <Button variant="subtle" size="compact-xs" onClick={open}>
                  {t.device.changeOwnership}
                </Button>
              )}
            </Group>,
          ],
          [words.key, t.devices.values.keyProtection[device.keyProtection]],
          [words.lastReport, <When key="seen" at={device.lastSeenAt} both />],
          [words.enrolled, <When key="enrolled" at={device.enrolledAt} both />],
          [words.agent, device.agentVersion],
          [words.tokens, t.device.tokensLately(atStake.tokens, atStake.moreTokens, atStake.liveTokens)],
          [words.id, <CopyText key="id" text={device.id} label={words.id} />],
          [
            words.record,
            mayReadAudit ? (
              <AppLink key="audit" to="/audit" search={{ subject: device.id }} inherit>
                {t.device.inAudit}
              </AppLink>
            ) : null,
          ],
        ]}
      />
      {isAdmin && <OwnershipDialog device={device} opened={isOpen} onClose={close} />}
    </Card>
  );
}
