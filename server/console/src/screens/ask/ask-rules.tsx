import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { MyDevice } from '@postern/shared/protocol/my-device';
import type { OfferedTemplate } from '@postern/shared/protocol/template';
import { EmptyState } from '../../parts/empty-state.tsx';
import { t } from '../../strings/index.ts';
import { AskForm } from './ask-form.tsx';
import { DeviceField } from './device-field.tsx';
import { RulesField } from './rules-field.tsx';
import { chosen, emptyWish, policyWay, rulesRequest, wayOfTemplate, type Wish } from './wish.ts';

/** What the address says already. */
export interface Preset {
  device: string | undefined;
  rule: string | undefined;
  resource: string | undefined;
}

const words = t.ask;

/** A departure from rules that stand in the way of a device. */
export function AskRules({
  devices,
  templates,
  preset,
  isEmergency = false,
}: {
  devices: readonly MyDevice[];
  templates: readonly OfferedTemplate[];
  preset: Preset;
  isEmergency?: boolean;
}) {
  const failing = devices.filter((device) => device.failing.length > 0);
  const [wish, setWish] = useState<Wish>({
    ...emptyWish,
    device: preset.device ?? '',
    rules: preset.rule === undefined ? [] : [preset.rule],
  });
  const device = chosen(failing, ({ id }) => id === wish.device);
  if (device === undefined)
    return <EmptyState icon={IconCircleCheck} title={words.nothingFails.title} text={words.nothingFails.text} />;
  const offered = device.failing.map(({ rule }) => rule);
  const picked = wish.rules.filter((rule) => offered.includes(rule));
  const rules = picked.length === 0 && offered.length === 1 ? offered : picked;
  const fitting = templates.filter((template) => fits(template, device, rules));
  const ways = [...fitting.map(wayOfTemplate), ...(isEmergency ? [] : [policyWay])];
  const way = chosen(ways, ({ name }) => name === wish.template) ?? policyWay;
  const whole = { ...wish, rules };
  return (
    <AskForm
      path={isEmergency ? '/v1/me/emergency' : '/v1/me/exceptions'}
      preview="/v1/me/exceptions/preview"
      device={device.id}
      request={rulesRequest(whole, way)}
      wish={whole}
      change={(some) => setWish((before) => ({ ...before, ...some }))}
      ways={ways}
      way={way}
      isEmergency={isEmergency}
    >
      <DeviceField devices={failing} value={device.id} change={(id) => setWish({ ...wish, device: id, rules: [] })} />
      <RulesField failing={device.failing} value={rules} change={(next) => setWish({ ...wish, rules: next })} />
    </AskForm>
  );
}

/** A template for certain checks, rules or machines is of use only where all that was chosen is among them. */
function fits({ rules, checks, ownership }: OfferedTemplate, device: MyDevice, picked: readonly string[]): boolean {
  if (ownership !== null && device.ownership !== 'unknown' && !ownership.includes(device.ownership)) return false;
  // Before anything is chosen: what fits any of them.
  const about = device.failing.filter(({ rule }) => picked.length === 0 || picked.includes(rule));
  const isFor = ({ rule, check }: MyDevice['failing'][number]) =>
    (rules?.includes(rule) ?? true) && (checks?.includes(check) ?? true);
  return picked.length === 0 ? about.some(isFor) : about.every(isFor);
}
