import { Badge, type MantineColor } from '@mantine/core';
import {
  IconCheck,
  IconClock,
  IconHelp,
  IconHourglass,
  IconMinus,
  IconX,
  IconEye,
  IconAlertTriangle,
} from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import type { DeviceState } from '@postern/shared/protocol/enrollment';
import type { ExceptionState } from '@postern/shared/protocol/exception';
import type { RuleResult, VerdictStatus } from '@postern/shared/protocol/verdict';
import { t } from '../strings/index.ts';
import { Sign } from './sign.tsx';

type Look = ComponentProps<typeof Sign>;

const words = t.common.standing;

/** The same words, colours and signs everywhere (DESIGN, "How it speaks and looks"); never a colour alone. */
const looks = {
  fine: { color: 'green', icon: IconCheck, label: words.fine },
  grace: { color: 'yellow', icon: IconClock, label: words.grace },
  blocked: { color: 'red', icon: IconX, label: words.blocked },
  unknown: { color: 'gray', icon: IconHelp, label: words.unknown },
  notApplicable: { color: 'gray', icon: IconMinus, label: words.notApplicable },
  excepted: { color: 'violet', icon: IconHourglass, label: words.excepted },
  warned: { color: 'yellow', icon: IconAlertTriangle, label: words.warned },
  reported: { color: 'gray', icon: IconEye, label: words.reported },
} satisfies Record<string, Look>;

/** How one rule stands on a device. What could not be checked says so, whatever it means for access. */
export function RuleSign({ rule }: { rule: Pick<RuleResult, 'outcome' | 'standing'> }) {
  const { standing, outcome } = rule;
  if (standing === 'not-applicable') return <Sign {...looks.notApplicable} />;
  const look = looks[standing];
  if (outcome !== 'unknown') return <Sign {...look} />;
  return standing === 'fine' ? (
    <Sign {...looks.unknown} />
  ) : (
    <Sign {...look} icon={IconHelp} label={words.unknownAnd(look.label)} />
  );
}

const postures: Readonly<Record<VerdictStatus | 'never-attested', Look>> = {
  compliant: { color: 'green', icon: IconCheck, label: words.fine },
  grace: { color: 'yellow', icon: IconClock, label: words.grace },
  'non-compliant': { color: 'red', icon: IconX, label: words.blocked },
  stale: { color: 'gray', icon: IconHelp, label: words.stale },
  'never-attested': { color: 'gray', icon: IconHelp, label: words.neverAttested },
};

/** How a whole device stands. */
export function PostureSign({ status }: { status: VerdictStatus | 'never-attested' }) {
  return <Sign {...postures[status]} />;
}

const deviceColors: Readonly<Record<DeviceState, MantineColor>> = {
  pending: 'blue',
  active: 'green',
  suspended: 'red',
  retired: 'gray',
};

/** Where a device is in its life. Who is in quarantine is told apart, whatever the state. */
export function DeviceStateSign({ state, isQuarantined = false }: { state: DeviceState; isQuarantined?: boolean }) {
  if (isQuarantined) return <Sign color="orange" icon={IconAlertTriangle} label={words.quarantined} />;
  return <Badge color={deviceColors[state]}>{words.device[state]}</Badge>;
}

const exceptionColors: Partial<Record<ExceptionState, MantineColor>> = {
  pending: 'blue',
  scheduled: 'violet',
  approved: 'violet',
  active: 'violet',
  denied: 'red',
  revoked: 'red',
  voided: 'red',
  resolved: 'green',
};

/** Where an exception or a temporary access is in its life. */
export function ExceptionSign({ state, live }: { state: ExceptionState; live?: boolean }) {
  const label = state === 'active' && live === false ? words.approvedNotHolding : words.exception[state];
  return <Badge color={exceptionColors[state] ?? 'gray'}>{label}</Badge>;
}
