import { plural } from '../plural.ts';
import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';
import { requests } from './my-requests.ts';

const levels = {
  recent: 'a sign-in within the last five minutes, or a second factor',
  'second-factor': 'a passkey or a code of your authenticator app',
  passkey: 'a passkey',
};

export const mine = {
  title: screenNames.myDevices,
  lead: 'How your devices stand, what is in the way, and what they sent.',
  ask: 'Ask for an exception or access',
  empty: {
    title: 'You have no device here yet',
    text: 'Install the agent on your computer and run the command below. It shows a code: confirm it under “Connect a device”.',
    connect: screenNames.connect,
    command: (origin: string) => `postern-agent enroll ${origin}`,
    commandLabel: 'command that connects a device',
  },
  others: (count: number) =>
    `${plural(count, 'device')} ${count === 1 ? 'is' : 'are'} not shown in full. Open one to see it.`,
  show: 'Show',
  hide: 'Hide',
  showWhat: (name: string) => `Show ${name}`,
  platforms: terms.platforms,
  said: {
    pending: 'An admin has to admit this device before it gets any access. Nothing is left for you to do.',
    suspended: 'An admin has suspended this device: it gets no access. Ask whoever looks after your devices.',
    retired: 'This device is retired for good. Enroll it anew to use it.',
    quarantined:
      'Two machines report with the key of this device, so it gets no access until an admin has looked at both. If you copied or restored it, tell them.',
    'never-attested': 'It has not reported yet, so it gets no access. Start the agent on it.',
    stale: 'It has not reported for too long, so it gets no access. Switch it on and check that the agent runs.',
    blocked: (count: number) =>
      `It gets no access: ${plural(count, 'rule')} ${count === 1 ? 'stands' : 'stand'} in the way. Fix ${count === 1 ? 'it' : 'them'} as said below, or ask for an exception.`,
    grace: (count: number) =>
      `It has access for now. ${plural(count, 'thing')} ${count === 1 ? 'has' : 'have'} to be fixed in time.`,
    excepted: 'It has access because of an exception, which ends by itself.',
    fine: 'Nothing stands in its way.',
  },
  facts: {
    system: terms.system,
    reported: terms.lastReport,
    enrolled: terms.enrolled,
    ownership: 'Whose machine',
    validUntil: terms.goodUntil,
  },
  ownership: { corporate: 'The company’s', personal: 'Your own', unknown: 'Not said' },
  inTheWay: 'What is in the way',
  expected: 'Asked for',
  observed: 'Found',
  nothingFound: terms.nothing,
  whyUnknown: 'Why it is unknown',
  since: terms.since,
  blocksAt: 'Blocks',
  blocked: 'It blocks now',
  held: (until: string) =>
    `Many devices changed at once, so an admin checks whether the rule is right. Until ${until} it does not count.`,
  howToFix: terms.howToFix,
  openFix: 'Open where it is set',
  askForRule: 'Ask for an exception',
  askedForRule: 'You asked for an exception',
  askForRuleLabel: (title: string) => `Ask for an exception from “${title}”`,
  recheck: (length: string) => `Fixed it? The agent looks again by itself within ${length}. To have it look now, run:`,
  recheckCommand: 'postern-agent attest',
  recheckLabel: 'command that reports now',
  otherRules: (count: number) => `${plural(count, 'other rule')} on this device`,
  noRules: 'No rule concerns this device.',
  rule: terms.rule,
  standing: 'How it stands',
  granted: 'What you asked for on this device',
  sent: 'What this device sent',
  sentAt: 'Exactly what is stored of its last report, and nothing else.',
  neverSent: 'It has sent nothing yet.',
  check: 'Looked at',
  value: 'What it said',
  howText: (method: string, privilege: string) => `${method} (as ${privilege})`,
  unknownReading: (reason: string, detail: string) =>
    `Could not be read: ${reason}${detail === '' ? '' : `. ${detail}`}`,
  unsupportedReading: (reason: string, detail: string) =>
    `Does not exist here: ${reason}${detail === '' ? '' : `. ${detail}`}`,
  takeAlong: 'Download what was sent (JSON)',
  collected: 'What this device is asked for',
  collectedLead: (length: string) =>
    `What your organisation’s policies look at, and no more. Each is read anew at least every ${length}.`,
  keyed: 'Serial numbers and other identifiers leave the device only as keyed hashes.',
  paths: 'Paths that are looked at',
  requests,
  scope: {
    access: (resources: string, role: string) => `access to ${resources} as ${role}`,
    rules: (rules: string) => `an exception from ${rules}`,
    only: (rules: string, resources: string) => `an exception from ${rules}, for ${resources}`,
  },
  proof: {
    levels,
    again: (scope: string) => `You ask for ${scope}.`,
    ask: (scope: string, length: string) => `You ask for ${scope}, for ${length}.`,
  },
};
