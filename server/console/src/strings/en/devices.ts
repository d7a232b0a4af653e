import { plural } from '../plural.ts';

/** Devices, wherever they are listed or counted. */
export const devices = {
  title: 'Devices',
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
  ofPerson: 'Person',
  columns: {
    name: 'Device',
    owner: 'Person',
    status: 'Stands',
    state: 'State',
    platform: 'System',
    keyProtection: 'Key',
    ownership: 'Ownership',
    lastSeen: 'Last report',
    enrolled: 'Enrolled',
    id: 'Id',
  },
  none: {
    title: 'No device yet',
    text: 'Make an enrollment token for a person, or let people enroll by a code: they run postern-agent enroll and approve it here.',
    filteredTitle: 'No device is like that',
    filtered: 'No device fits all of these filters at once. Remove one of them.',
  },
  facets: {
    status: 'Stands',
    state: 'State',
    quarantine: 'Quarantine',
    platform: 'System',
    keyProtection: 'Key protection',
    ownership: 'Ownership',
  },
  values: {
    status: {
      compliant: 'Fine',
      grace: 'To be fixed',
      'non-compliant': 'Blocked',
      stale: 'Not heard from',
      'never-attested': 'Never reported',
    },
    state: { pending: 'Waits for an admin', active: 'Active', suspended: 'Suspended', retired: 'Retired' },
    quarantine: { yes: 'In quarantine', no: 'Not in quarantine' },
    platform: { linux: 'Linux', macos: 'macOS', windows: 'Windows' },
    keyProtection: {
      'hardware-attested': 'Hardware, proven',
      'hardware-unattested': 'Hardware, claimed',
      'os-protected': 'System keystore, claimed',
      software: 'File',
    },
    ownership: { corporate: 'Corporate', personal: 'Personal', unknown: 'Not said' },
  },
};
