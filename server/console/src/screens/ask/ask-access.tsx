import { NativeSelect } from '@mantine/core';
import { IconDoorOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { AccessOffer } from '@postern/shared/protocol/access';
import type { MyDevice } from '@postern/shared/protocol/my-device';
import { EmptyState } from '../../parts/empty-state.tsx';
import { t } from '../../strings/index.ts';
import { AskForm } from './ask-form.tsx';
import type { Preset } from './ask-rules.tsx';
import { DeviceField } from './device-field.tsx';
import { accessRequest, chosen, emptyWish, policyWay, wayOfOffer, type Wish } from './wish.ts';

const words = t.ask;

/** A resource, in a role, for a while. */
export function AskAccess({
  devices,
  offers,
  preset,
  isEmergency = false,
}: {
  devices: readonly MyDevice[];
  offers: readonly AccessOffer[];
  preset: Preset;
  isEmergency?: boolean;
}) {
  const [wish, setWish] = useState<Wish>({
    ...emptyWish,
    device: preset.device ?? '',
    resource: preset.resource ?? '',
  });
  const offer = chosen(offers, ({ resource }) => resource === wish.resource);
  const device = chosen(devices, ({ id }) => id === wish.device);
  if (offer === undefined || device === undefined)
    return <EmptyState icon={IconDoorOff} title={words.noOffer.title} text={words.noOffer.text} />;
  const role = chosen(offer.roles, (each) => each === wish.role) ?? '';
  const ways = offer.templates.map(wayOfOffer);
  const way = chosen(ways, ({ name }) => name === wish.template) ?? policyWay;
  const whole = { ...wish, resource: offer.resource, role };
  const change = (some: Partial<Wish>) => setWish((before) => ({ ...before, ...some }));
  return (
    <AskForm
      path={isEmergency ? '/v1/me/emergency' : '/v1/me/access'}
      preview="/v1/me/access/preview"
      device={device.id}
      request={accessRequest(whole, way)}
      wish={whole}
      change={change}
      ways={ways}
      way={way}
      isEmergency={isEmergency}
    >
      <DeviceField devices={devices} value={device.id} change={(id) => change({ device: id })} />
      <NativeSelect
        label={words.resource}
        data={offers.map(({ resource, title }) => ({
          value: resource,
          label: title === null ? resource : `${title} (${resource})`,
        }))}
        value={offer.resource}
        onChange={({ currentTarget }) => change({ resource: currentTarget.value, role: '', template: '' })}
      />
      <NativeSelect
        label={words.role}
        data={[...offer.roles]}
        value={role}
        onChange={({ currentTarget }) => change({ role: currentTarget.value })}
      />
    </AskForm>
  );
}
