import { plural } from '../plural.ts';
import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';

/** Policies, wherever they are listed. */
export const policies = {
  title: screenNames.policies,
  lead: 'What a device must be before it is trusted. A change is drafted, replayed over the fleet, approved by somebody else, and can be rolled back.',
  newPolicy: 'New policy',
  inForce: terms.inForce,
  inForceList: 'Policies in force',
  drafts: 'Drafts under way',
  draftList: 'Drafts of policies',
  replays: 'Replays',
  replayList: 'Replays of policies over the fleet',
  policy: 'Policy',
  version: terms.version,
  enforcement: 'Enforcement',
  enforced: 'Enforced',
  watched: terms.watchedOnly,
  draftedBy: 'Drafted by',
  approvedBy: terms.approvedBy,
  published: 'In force since',
  state: terms.state,
  edited: 'Last edited',
  editedBy: 'Edited by',
  note: terms.note,
  by: 'By',
  started: 'Started',
  result: 'Result',
  nobody: 'the program',
  nameless: 'Names no policy yet',
  retiring: (name: string) => `Take ${name} out of force`,
  noPolicies: 'No policy is in force',
  noPoliciesText:
    'Without one no device is trusted with anything. Write one, or put an earlier version into force again.',
  noDrafts: 'Nothing is being changed',
  noDraftsText:
    'To change a policy, open it and edit it: that makes a draft, which changes nothing before it is approved.',
  noReplays: 'No replay is kept',
  noReplaysText: 'A replay tells whom a draft would block, and when, before it is in force. Start one from a draft.',
  states: {
    draft: 'Being written',
    submitted: 'Waits for approval',
    published: 'Approved',
    discarded: 'Discarded',
  },
  replayStates: { running: 'Runs', done: 'Done', failed: 'Failed', cancelled: 'Cancelled' },
  newlyBlocked: (count: number) =>
    count === 0 ? 'Would block nobody' : `Would newly block ${plural(count, 'device')}`,
  starter: `policy: my-policy
title: What this policy is about
applies_to: {}
enforcement: report-only

rules:
  - id: firewall
    title: The firewall is on
    check: firewall
    require: value.enabled
    expected: Connections from outside are filtered.
    severity: high
    time_to_fix: 3d
`,
};

/** From the first word to what counts for everybody. */
export const journey = {
  label: 'From draft to enforcement',
  done: 'done',
  now: 'now',
  steps: {
    draft: 'Draft',
    replay: 'Replay',
    approve: 'Approve',
    watch: 'Watch only',
    enforce: 'Enforce',
  },
  rollBack: 'Every step can be undone: an earlier version is put back into force from the versions of the policy.',
};
