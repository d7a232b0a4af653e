import { IconAlertTriangle, IconCheck, IconClock, IconPlayerPause, IconX } from '@tabler/icons-react';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { Sign } from '../../parts/sign.tsx';
import { t } from '../../strings/index.ts';

const looks = {
  enabled: { color: 'green', icon: IconCheck },
  behind: { color: 'yellow', icon: IconClock },
  paused: { color: 'yellow', icon: IconPlayerPause },
  disabled: { color: 'gray', icon: IconX },
  failing: { color: 'red', icon: IconAlertTriangle },
} as const;

type Health = Pick<StreamHealth, 'status' | 'failingSince' | 'lagSeconds'>;

/** So long something waits for a receiver that comes by itself, before somebody should ask why. */
const patientSeconds = 15 * 60;

/** How a stream does: one that runs and whose receiver refuses fails, one whose receiver takes nothing is behind. */
export function streamStanding({ status, failingSince, lagSeconds }: Health) {
  if (status !== 'enabled') return status;
  if (failingSince !== null) return 'failing';
  return lagSeconds > patientSeconds ? 'behind' : status;
}

/** How a stream does, in a word. */
export function StreamSign({ stream }: { stream: Health }) {
  const standing = streamStanding(stream);
  return <Sign {...looks[standing]} label={t.gateways.statuses[standing]} />;
}
