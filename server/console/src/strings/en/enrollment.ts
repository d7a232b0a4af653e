import { plural } from '../plural.ts';
import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';

/** How machines become devices. */
export const enrollment = {
  title: screenNames.enrollment,
  lead: 'How machines become devices: by a token that you hand out, or by a code that people approve themselves.',
  tabs: { waiting: 'Waiting', tokens: 'Tokens', code: 'By code' },
  tabsLabel: 'Ways to enroll',
  waiting: {
    title: 'Waiting to be admitted',
    lead: 'These devices are enrolled and may do nothing until an admin admits them.',
    admit: 'Admit',
    admitOne: (name: string) => `Admit ${name}`,
    refuse: 'Retire',
    refuseOne: (name: string) => `Retire ${name}`,
    none: { title: 'Nobody waits', text: 'Devices that come with a token marked “wait for an admin” appear here.' },
  },
  tokens: {
    title: 'Enrollment tokens',
    lead: 'A token enrolls one or more machines for one person. It is shown once, when it is made.',
    make: 'Make a token',
    columns: {
      owner: 'For',
      uses: 'Uses left',
      expires: terms.goodUntil,
      state: terms.state,
      made: 'Made',
      admission: 'Admission',
    },
    state: { open: 'Open', used: 'Used up', over: 'Over', revoked: terms.revoked },
    waits: 'waits for an admin',
    atOnce: 'at once',
    revoke: terms.revoke,
    revokeOne: (owner: string) => `Revoke the token for ${owner}`,
    revokeTitle: (owner: string) => `Revoke the token for ${owner}?`,
    revokeText: (uses: number) =>
      `It enrolls nobody any more; ${plural(uses, 'use')} of it were left. Devices that it enrolled stay.`,
    revoked: 'Revoked.',
    none: {
      title: 'No token was made',
      text: 'Make one for a person, and give them the command that is shown with it.',
    },
  },
  form: {
    title: 'A token for a new device',
    owner: 'Whose device will it be?',
    ownerHint: 'Type a name or an address',
    ownerMissing: 'Choose a person.',
    nobody: 'Nobody is called that.',
    life: 'Good for',
    lives: { '1h': '1 hour', '8h': '8 hours', '1d': '1 day', '7d': '7 days', '30d': '30 days' },
    uses: 'How many devices',
    usesWrong: 'From 1 to 1000.',
    ownership: 'Whose machine is it?',
    pending: 'Devices wait until an admin admits them',
    pendingHint: 'For tokens that travel by mail: whoever gets hold of it enrolls something that may do nothing yet.',
    submit: 'Make the token',
    made: (owner: string) => `A token for ${owner}`,
    once: 'It is shown only now. Whoever has it can enroll a device for this person.',
    token: 'Token',
    command:
      'On the machine, run this, paste the token when it waits, then press Enter and Ctrl D (on Windows: Ctrl Z and Enter):',
    commandText: (url: string) => `postern-agent enroll ${url} --token -`,
    commandLabel: 'Command',
    commandWhy: 'The token is not in the command, so that it is in no list of processes and no history of the shell.',
    done: 'I have it',
  },
  code: {
    title: 'By a code that people approve',
    lead: 'People can enroll their own machine without you:',
    command: 'postern-agent enroll',
    steps: [
      'They run this on the machine. It shows a code.',
      'They open the page for it, signed in, and approve the code.',
      'The device is theirs from then on, or waits here if the settings say so.',
    ],
    page: 'The page where they approve it',
  },
};
