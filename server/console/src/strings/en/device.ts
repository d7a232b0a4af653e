import { plural } from '../plural.ts';
import * as terms from './terms.ts';
import { actions } from './device-actions.ts';
import { quarantine } from './device-quarantine.ts';
import { key } from './device-key.ts';

const tokens = (count: number, isMore: boolean) =>
  isMore ? `${count} or more access tokens` : plural(count, 'access token');

/** One device. */
export const device = {
  above: 'All devices',
  noName: terms.device,
  tabs: {
    verdict: 'Verdict',
    readings: 'Readings',
    history: 'History',
    key: 'Key and hardware',
    exceptions: 'Exceptions',
  },
  about: 'About this device',
  tabsLabel: 'What is known of this device',
  facts: {
    person: terms.person,
    system: terms.system,
    ownership: terms.ownership,
    lastReport: terms.lastReport,
    enrolled: terms.enrolled,
    key: 'Key',
    agent: 'Agent',
    id: terms.id,
    tokens: 'Access tokens',
    record: 'Record',
  },
  tokensLately: (count: number, isMore: boolean, live: number) =>
    count === 0 ? 'none in the last hour' : `${tokens(count, isMore)} in the last hour, ${live} still good`,
  inAudit: 'What the audit says of it',
  changeOwnership: 'Change',
  /** What is the matter, and what to do. */
  matter: {
    pending: 'It waits for an admin. Until it is admitted it cannot report and gets no access.',
    suspended: 'An admin suspended it: it gets no access. Resume it when the reason is gone.',
    retired: 'It was retired for good. Its key is never accepted again; to come back it enrolls anew.',
    quarantine:
      'Its key or its history was seen twice, so nobody who holds the key gets access. Compare both histories below, then release or retire it.',
    neverAttested: 'It never reported. On the machine, run: postern-agent attest',
    stale: 'It has not reported in time, so it gets no access until it does. On the machine, run: postern-agent attest',
    compliant: 'Nothing stands in its way.',
    grace: (rules: string) => `It still gets access. To be fixed in time: ${rules}. How and by when stands below.`,
    blocked: (rules: string) => `It gets no access because of: ${rules}. How to fix it stands below.`,
  },
  noVerdict: {
    title: 'No verdict yet',
    text: 'A verdict is given with the first report. On the machine, run: postern-agent attest',
  },
  noVerdictAnyMore: {
    title: 'It is judged no more',
    text: 'What it reported until it was retired is kept under “Readings” and “History”.',
  },
  verdict: {
    validUntil: terms.goodUntil,
    policies: 'By',
    version: (name: string, version: number) => `${name}, version ${version}`,
    inTheWay: 'Needs attention',
    fineRules: (count: number) => `${plural(count, 'rule')} fine`,
    othersRules: (count: number) => `${plural(count, 'rule')} that ${count === 1 ? 'says' : 'say'} nothing here`,
    expected: 'Expected',
    observed: 'Observed',
    nothingObserved: terms.nothing,
    reason: terms.why,
    since: 'Not passing since',
    deadline: 'Blocks',
    blocksSince: 'Blocks since',
    exception: 'Excepted until',
    seeException: 'See the exception',
    fix: terms.howToFix,
    fixLink: 'Instructions',
    held: 'Held by a brake until',
    reportOnly: 'Only watched: it has no say.',
    severity: {
      info: 'Info',
      low: 'Low severity',
      medium: 'Medium severity',
      high: 'High severity',
      critical: 'Critical severity',
    },
  },
  readings: {
    lead: 'What the device sent last, as it sent it. All of this is the word of the agent on it.',
    none: { title: 'No readings', text: 'They come with the first report.' },
    columns: { check: 'Check', value: terms.value, method: 'How it was read', at: 'Read' },
    status: { unknown: 'Could not check', unsupported: 'Not possible here' },
    reasons: {
      'tool-absent': 'the tool for it is not there',
      'permission-denied': 'the agent may not read it',
      refused: 'the system refused',
      'timed-out': 'it took too long',
      'output-unreadable': 'the answer could not be understood',
      'not-in-user-session': 'nobody is signed in on the machine',
      'no-data': 'the system has no data',
      failed: 'it failed',
      platform: 'not on this system',
      container: 'not in a container',
      'hardware-absent': 'the hardware is not there',
      edition: 'not in this edition of the system',
    },
    asRoot: 'as root',
    asUser: 'as the user',
    show: 'Show all of it',
    hide: 'Show less',
  },
  history: {
    lead: 'What each report changed, newest first. A report that says the same again is not listed.',
    none: { title: 'No history yet', text: 'It begins with the first report.' },
    more: 'Show older ones',
    report: (seq: number) => `Report ${seq}`,
    from: (from: string, to: string) => `${from} → ${to}`,
    first: (to: string) => `First verdict: ${to}`,
    sameStatus: (status: string) => `Still ${status.toLowerCase()}, by other rules`,
    onlyReadings: 'Readings changed, the verdict did not',
    rules: terms.rules,
    readings: 'Readings',
    firstReadings: (count: number) => `First report, with ${plural(count, 'check')}`,
    notKept: 'Its signed text, or the one before it, is not kept any more: what was read cannot be compared.',
    nothing: 'not there',
    before: 'Before',
    after: 'After',
    notes:
      'A time to fix that ran out, and a report that did not come, change the verdict at once, and are listed with the next report.',
  },
  key,
  quarantine,
  exceptions: {
    lead: 'Exceptions and temporary access for this device, newest first.',
    columns: { what: terms.what, state: terms.state, person: 'For', requested: terms.asked, until: 'Until' },
    rules: (rules: readonly string[]) => rules.join(', '),
    access: (resources: readonly string[], role: string | null) =>
      role === null ? `Access to ${resources.join(', ')}` : `Access to ${resources.join(', ')} as ${role}`,
    none: { title: 'None', text: 'Nobody has asked for an exception for this device.' },
  },
  ownership: {
    title: (name: string) => `Whose machine is ${name}?`,
    text: 'Policies for corporate or personal machines follow it at once: its verdict may change.',
    button: 'Change it',
    label: terms.ownership,
    done: 'Changed.',
  },
  actions,
};
