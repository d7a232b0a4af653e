import * as terms from './terms.ts';

/** A key that was seen twice. */
export const quarantine = {
  title: terms.quarantined,
  conflictsTitle: 'Reports that were refused',
  causes: {
    'rolled-back':
      'A report came that goes back behind what was accepted already. Either the key was copied to a second machine, or this one was restored from an older image.',
    forked: 'Two reports name the same one as the one before them. The key was copied: two machines use it.',
    'hardware-changed':
      'A report came with this key from other hardware. Either the key was moved to another machine, or the mainboard was changed.',
    'hardware-of-suspended-device': 'It runs on the hardware of a device that was suspended or is in quarantine.',
  },
  short: {
    'rolled-back': 'goes back',
    forked: 'forks',
    'hardware-changed': 'other hardware',
    'hardware-of-suspended-device': 'hardware of a barred device',
    'in-quarantine': 'came during the quarantine',
  },
  otherCause: (cause: string) => `The cause is: ${cause}.`,
  since: 'It began',
  accepted: 'Accepted',
  refused: 'Refused',
  histories: 'Both histories, report by report',
  seq: 'Report',
  partsHere: 'Here they part',
  partsAfter: (seq: number) => `Both agree up to report ${seq}. After it they part.`,
  partsUnknown: 'Where they part is not in what is kept.',
  none: '–',
  at: (hash: string) => `hash ${hash}`,
  fromAddress: (address: string) => `from ${address}`,
  addressUnknown: 'Addresses of accepted reports are not kept.',
  saysTitle: 'What the refused one says otherwise',
  saysLead: 'Readings that differ tell two machines apart.',
  saysNothing: 'Its readings say the same as what is stored: nothing tells two machines apart.',
  stored: 'Stored',
  refusedValue: 'Refused',
  afterRelease:
    'Releasing begins a fresh history with the next report. If two machines still hold the key, the second one to report puts it in quarantine again. If you do not know which one is right, retire it and let the person enroll anew.',
};
