import type { MantineColor } from '@mantine/core';
import type { FleetPart } from '@postern/shared/protocol/overview';

/** What is drawn of a part, and which list has its devices. */
interface Part {
  color: MantineColor;
  to: string;
  search: Readonly<Record<string, string>>;
}

const active = { state: 'active', quarantine: 'no' } as const;

/** Colours that stand out from each other and from the page, on light and dark. The word is always beside them. */
export const fleetLooks: Readonly<Record<FleetPart, Part>> = {
  compliant: { color: 'green.8', to: '/devices', search: { ...active, status: 'compliant' } },
  excepted: { color: 'violet.6', to: '/exceptions', search: { kind: 'device', state: 'active' } },
  grace: { color: 'yellow.7', to: '/devices', search: { ...active, status: 'grace' } },
  'non-compliant': { color: 'red.7', to: '/devices', search: { ...active, status: 'non-compliant' } },
  stale: { color: 'gray.6', to: '/devices', search: { ...active, status: 'stale' } },
  'never-attested': { color: 'gray.5', to: '/devices', search: { ...active, status: 'never-attested' } },
  quarantined: { color: 'orange.8', to: '/devices', search: { quarantine: 'yes' } },
  suspended: { color: 'red.9', to: '/devices', search: { state: 'suspended' } },
  pending: { color: 'blue.6', to: '/devices', search: { state: 'pending' } },
  unknown: { color: 'gray.4', to: '/devices', search: {} },
};
