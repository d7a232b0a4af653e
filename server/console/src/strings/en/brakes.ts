import { plural } from '../plural.ts';
import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';

export const brakes = {
  title: screenNames.brakes,
  lead: 'When a check stops passing on many devices of one build at once, the check is doubted before the devices are: nobody is blocked by it while the brake holds.',
  all: 'Brakes',
  list: 'Brakes, open and past',
  check: 'Check',
  build: 'Build',
  state: terms.state,
  states: { holding: 'Holds', released: 'Released', expired: 'Ran out' },
  devices: 'Devices',
  devicesOf: (count: number, of: number) => `${count} of ${of}`,
  opened: 'Opened',
  ends: 'Holds until',
  decidedBy: 'Decided by',
  none: 'No brake was ever pulled',
  noneText:
    'When an update of a system breaks a check for many at once, it is shown here, and you decide whether to believe it.',
  of: (check: string, build: string) => `${check} on ${build}`,
  what: (count: number, of: number, check: string) =>
    `${check} stopped passing on ${plural(count, 'device')} of ${of} of this build.`,
  holds:
    'It blocks nobody while the brake holds. Look at what the devices report: if it is true, release the brake; if you do not know yet, hold on.',
  over: 'The brake holds nothing any more: devices are judged by what they report.',
  release: 'Release',
  releaseTitle: (check: string) => `Believe what the devices report of ${check}?`,
  releaseText: (count: number, build: string) =>
    `${plural(count, 'device')} with ${build} are judged by it from now on. Their time to fix begins anew with their next report; rules without one block at once.`,
  released: 'Released. Devices are judged by what they report.',
  extend: 'Hold longer',
  extendTitle: 'Hold longer?',
  extendText: (latest: string) =>
    `Nobody is blocked by this check meanwhile, also not who should be. It can hold until ${latest} at most.`,
  extended: 'The brake holds on.',
  reason: 'Why (the record keeps it)',
  hours: (count: number) => `${plural(count, 'hour')} longer`,
  latest: 'as long as it can',
  by: 'How much longer',
  affected: 'Devices',
  affectedOf: (shown: number, total: number) =>
    shown === total ? plural(total, 'device') : `${shown} of ${plural(total, 'device')}`,
  device: terms.device,
  person: terms.person,
  changed: 'Changed',
  before: 'Reported before',
  after: 'Reports now',
  held: 'Held now',
  nothing: terms.nothing,
  noAffected: 'No device is concerned any more',
  noAffectedText: 'Those that were report something else by now, or are gone.',
};
