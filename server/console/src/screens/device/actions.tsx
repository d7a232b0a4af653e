import { Button } from '@mantine/core';
import { useState } from 'react';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { useIs } from '../../app/session.tsx';
import { type DeviceAction, DeviceActDialog } from '../../parts/device/device-act.tsx';
import { t } from '../../strings/index.ts';

/** What an admin can do with a device as it is now. */
export function DeviceActions({ device }: { device: DeviceDetail }) {
  const [action, choose] = useState<DeviceAction>();
  const isAdmin = useIs('admin');
  if (!isAdmin) return null;
  return (
    <>
      {possible(device).map((each, index) => (
        <Button
          key={each}
          size="xs"
          variant={index === 0 && each !== 'suspend' && each !== 'retire' ? 'filled' : 'default'}
          onClick={() => choose(each)}
        >
          {t.device.actions[each].button}
        </Button>
      ))}
      <DeviceActDialog device={device} atStake={device.atStake} action={action} onClose={() => choose(undefined)} />
    </>
  );
}

function possible({ state, quarantine }: DeviceDetail): DeviceAction[] {
  if (state === 'retired') return [];
  const moves = { pending: ['admit'], active: ['suspend'], suspended: ['resume'] } as const;
  return [...(quarantine === null ? [] : (['release'] as const)), ...moves[state], 'retire'];
}
