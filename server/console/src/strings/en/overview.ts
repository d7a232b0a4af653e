import { plural } from '../plural.ts';
import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';

/** What needs somebody: a sentence says what is the matter, the next one what to do. */
const needs = {
  'audit-unsigned': {
    title: () => 'The audit log is not being signed',
    matter: 'No checkpoint has been signed for more than an hour, so the newest entries cannot be proven.',
    todo: 'Read the server log, then verify the stored log with the command line.',
    link: 'See the audit',
  },
  keys: {
    title: () => 'No key signs access tokens',
    matter: 'No device gets a new token until there is one.',
    todo: 'Read the server log; a key is made when the server starts.',
    link: 'See the settings',
  },
  emergencies: {
    title: (count: string) => `${count} to be looked at`,
    matter: 'Somebody opened the door without being asked, and has it or had it.',
    todo: 'Say whether that was right; what was not ends at once.',
    link: 'Review emergencies',
  },
  requests: {
    title: (count: string) => `${count} for a decision`,
    matter: 'Somebody cannot work before you answer.',
    todo: 'Read the evidence and decide.',
    link: 'Open the inbox',
  },
  'reviews-overdue': {
    title: (count: string) => `${count} overdue`,
    matter: 'What should have been looked at by now still stands.',
    todo: 'Decide whether it is to be kept.',
    link: 'Open the reviews',
  },
  reviews: {
    title: (count: string) => `${count} for you to decide`,
    matter: 'Exceptions or rules have stood long enough to be looked at again.',
    todo: 'Say whether they are to be kept.',
    link: 'Open the reviews',
  },
  quarantined: {
    title: (count: string) => `${count} in quarantine`,
    matter: 'A key may have been copied: two machines told different histories.',
    todo: 'Compare both histories, then release or retire the device.',
    link: 'See the devices',
  },
  'pending-devices': {
    title: (count: string) => `${count} to be admitted`,
    matter: 'They are enrolled, and get nothing before an admin has admitted them.',
    todo: 'Check whose they are.',
    link: 'See the devices',
  },
  drafts: {
    title: (count: string) => `${count} for a second pair of eyes`,
    matter: 'A change of the rules is written and takes effect when another admin approves it.',
    todo: 'Read what it changes, and for whom.',
    link: 'Open the drafts',
  },
  templates: {
    title: (count: string) => `${count} for approval`,
    matter: 'A template for exceptions is to change what people can ask for.',
    todo: 'Read it and decide.',
    link: 'Open the templates',
  },
  brakes: {
    title: (count: string) => `${count} holding`,
    matter: 'A check began to fail on many devices at once, so its result is held back until somebody looks.',
    todo: 'Find out whether the check or the devices are wrong.',
    link: 'See the brakes',
  },
  streams: {
    title: (count: string) => `${count} not being taken`,
    matter: 'A gateway does not hear at once that a device is no longer trusted.',
    todo: 'See what its receiver answers.',
    link: 'See the streams',
  },
  webhooks: {
    title: (count: string) => `${count} failing`,
    matter: 'Messages are not delivered.',
    todo: 'See what the receiver answered, then replay them.',
    link: 'See the webhooks',
  },
  abuse: {
    title: (count: string) => `${count} open`,
    matter: 'The side door is used in a way that a threshold calls unusual.',
    todo: 'Look at the numbers behind it.',
    link: 'See the flags',
  },
};

const things = {
  'audit-unsigned': ['problem', 'problems'],
  keys: ['problem', 'problems'],
  emergencies: ['emergency', 'emergencies'],
  requests: ['request', 'requests'],
  'reviews-overdue': ['review', 'reviews'],
  reviews: ['review', 'reviews'],
  quarantined: ['device', 'devices'],
  'pending-devices': ['device', 'devices'],
  drafts: ['policy draft', 'policy drafts'],
  templates: ['template', 'templates'],
  brakes: ['brake', 'brakes'],
  streams: ['stream of signals', 'streams of signals'],
  webhooks: ['webhook', 'webhooks'],
  abuse: ['abuse flag', 'abuse flags'],
} as const satisfies Record<keyof typeof needs, readonly [string, string]>;

export const overview = {
  title: screenNames.overview,
  lead: 'What needs you, and how the fleet stands.',
  needsYou: 'Needs you',
  forOthers: 'Waits for somebody else',
  calm: 'Nothing needs you',
  calmText: 'No request, review or alarm is waiting for you. This page tells you when that changes.',
  needs,
  countOf: (kind: keyof typeof needs, count: number, isMore: boolean) =>
    `${isMore ? 'More than ' : ''}${plural(count, things[kind][0], things[kind][1])}`,
  since: 'The oldest:',
  by: terms.due,
  fleet: 'The fleet now',
  fleetTotal: (count: number) => `${plural(count, 'device')} that are not retired. Each is counted once.`,
  fleetSoon: 'A device that changes is counted anew within seconds.',
  noDevices: 'No devices yet',
  noDevicesText: 'Make an enrollment token and give it to somebody: their device shows up here.',
  enroll: 'Make an enrollment token',
  parts: {
    compliant: terms.fine,
    excepted: 'Fine, by an exception',
    grace: terms.grace,
    'non-compliant': terms.blocked,
    stale: terms.stale,
    'never-attested': terms.neverAttested,
    quarantined: terms.quarantined,
    suspended: terms.suspended,
    pending: terms.pendingDevice,
    unknown: 'Not looked at yet',
  },
  trend: 'The last 60 days',
  trendText: 'How many devices stood how at the end of each day, in UTC. The last one is today so far.',
  trendLabel: (days: number, fine: string, blocked: string) =>
    `Chart of ${plural(days, 'day')}: fine went ${fine}, blocked went ${blocked}. The table has the numbers.`,
  fromTo: (from: number, to: number) => `from ${from} to ${to}`,
  trendSoon: 'Nothing to draw yet',
  trendSoonText: 'The fleet is counted once an hour. From the second day on there is a line here.',
  day: 'Day',
};
