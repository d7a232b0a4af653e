import { plural } from '../plural.ts';
import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';

/** Devices, wherever they are listed or counted. */
export const devices = {
  title: screenNames.devices,
  lead: 'Every machine that was enrolled, how it stands now, and whose it is.',
  enroll: 'Enroll a device',
  search: 'Name, person, address or id',
  filters: 'Filters',
  showFilters: (count: number) => (count === 0 ? 'Filters' : `Filters (${count})`),
  removeFilter: (facet: string, value: string) => `Remove the filter ${facet}: ${value}`,
  total: (count: number) => plural(count, 'device'),
  notLookedAt: (count: number) =>
    `${plural(count, 'device')} not looked at yet since the last update; counts by standing are complete in a few minutes.`,
  noCountsWithSearch: 'Counts are shown when nothing is searched for.',
  ofPerson: terms.person,
  columns: {
    name: terms.device,
    owner: terms.person,
    status: terms.stands,
    state: terms.state,
    platform: terms.system,
    keyProtection: 'Key',
    ownership: terms.ownership,
    lastSeen: terms.lastReport,
    enrolled: terms.enrolled,
    id: terms.id,
  },
  none: {
    title: 'No device yet',
    text: 'Make an enrollment token for a person, or let people enroll by a code: they run postern-agent enroll and approve it here.',
    filteredTitle: 'No device is like that',
    filtered: 'No device fits all of these filters at once. Remove one of them.',
  },
  facets: {
    status: terms.stands,
    state: terms.state,
    quarantine: 'Quarantine',
    platform: terms.system,
    keyProtection: 'Key protection',
    ownership: terms.ownership,
  },
  values: {
    status: {
      compliant: terms.fine,
      grace: terms.grace,
      'non-compliant': terms.blocked,
      stale: terms.stale,
      'never-attested': terms.neverAttested,
    },
    state: { pending: terms.pendingDevice, active: 'Active', suspended: terms.suspended, retired: 'Retired' },
    quarantine: { yes: terms.quarantined, no: 'Not in quarantine' },
    platform: terms.platforms,
    keyProtection: {
      'hardware-attested': 'Hardware, proven',
      'hardware-unattested': 'Hardware, claimed',
      'os-protected': 'System keystore, claimed',
      software: 'File',
    },
    ownership: { corporate: 'Corporate', personal: 'Personal', unknown: 'Not said' },
  },
};
