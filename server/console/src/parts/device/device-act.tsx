import { List, Text } from '@mantine/core';
import type { deviceActions, DeviceDetail, DeviceSummary } from '@postern/shared/protocol/admin';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { Confirm } from '../confirm.tsx';
import { tell } from '../tell.ts';

/** What an admin can do with a device. */
export type DeviceAction = (typeof deviceActions)[number];

const words = t.device.actions;
const dangerous: ReadonlySet<DeviceAction> = new Set(['suspend', 'retire', 'release']);

/** Asks before something is done to a device: what it is, whom it hits, what ends with it. */
export function DeviceActDialog({
  device,
  atStake,
  action,
  onClose,
}: {
  device: Pick<DeviceSummary, 'id' | 'name' | 'owner'>;
  /** Left out where nothing can be: a device that was never admitted. */
  atStake?: DeviceDetail['atStake'];
  action: DeviceAction | undefined;
  onClose: () => void;
}) {
  const act = useAct(
    ({ what, reason }: { what: DeviceAction; reason: string }) =>
      call('POST', `/v1/admin/devices/${device.id}/${what}`, { reason }),
    ['/v1/admin/devices'],
  );
  if (action === undefined) return null;
  const said = words[action];
  return (
    <Confirm
      opened
      onClose={onClose}
      title={said.title(device.name)}
      button={said.button}
      danger={dangerous.has(action)}
      reason={{ label: words.reason, required: true }}
      act={async (reason) => {
        await act.mutateAsync({ what: action, reason });
        tell(said.done);
      }}
    >
      <Text size="sm">{said.text}</Text>
      <List size="sm">
        <List.Item>{words.hits(device.owner.name)}</List.Item>
        {(atStake === undefined ? [] : consequences(action, atStake)).map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
    </Confirm>
  );
}

function consequences(action: DeviceAction, { exceptions, requests, liveTokens, moreTokens }: DeviceDetail['atStake']) {
  const tokens = words.tokensEnd(liveTokens, moreTokens);
  const sentences =
    action === 'suspend'
      ? [tokens, words.exceptions(exceptions)]
      : action === 'retire'
        ? [tokens, words.exceptionsEnd(exceptions), words.requests(requests)]
        : [];
  return sentences.filter((sentence) => sentence !== '');
}
