import type { Trouble } from './readings.ts';

export interface Wanted {
  rule: string;
  template?: string;
  reasonCode?: string;
  ticket?: string;
  durations: readonly string[];
  why: readonly string[];
}

/** What people ask for when something is the matter, and what they say about it. */
export const wanted: Partial<Record<Trouble, Wanted>> = {
  encryption: {
    rule: 'baseline/disk-encryption',
    template: 'hardware-repair',
    reasonCode: 'replaced-part',
    ticket: 'IT-',
    durations: ['1d', '3d', '7d'],
    why: [
      'The disk was replaced on Tuesday and still encrypts in the background.',
      'This is a loan while mine is in repair; it goes back on Friday.',
      'Encryption stopped at 40 percent after the board was changed. The workshop has it on its list.',
    ],
  },
  firewall: {
    rule: 'baseline/firewall',
    durations: ['4h', '8h', '1d'],
    why: [
      'The customer’s device on my desk only talks to me with the firewall off.',
      'Two days of lab work with equipment that answers from random ports.',
      'The VPN client of the bank fights with the firewall; support is on it.',
    ],
  },
  updates: {
    rule: 'baseline/security-updates',
    template: 'update-pending',
    reasonCode: 'deadline',
    durations: ['4h', '1d', '7d'],
    why: [
      'I am on stage at the trade fair until tonight and cannot restart.',
      'The update breaks the driver of our plotter; the vendor works on it.',
      'A build runs until tomorrow noon, a restart would cost two days.',
    ],
  },
};

export const denials = [
  'Please install it tonight, the release is calm.',
  'A week is too long for this. Ask for a day.',
  'The lab network is there for exactly this.',
];

export const approvals = [
  'Seen the ticket.',
  'Fine for this once.',
  'Talked to them on the phone.',
  undefined,
  undefined,
];

export const accessReasons = [
  'A wage was booked twice; I correct it with the payroll office.',
  'The nightly import hangs and has to be started by hand.',
  'A customer waits for an export from production.',
  'Checking what the migration left behind.',
];
