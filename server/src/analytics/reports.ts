import type { ReportName } from '@postern/shared/protocol/analytics';
import type { ReportRow } from './facts.ts';
import { approvers, reciprocalPairs } from './reports/approvers.ts';
import { exceptionDebt, renewalChains } from './reports/chains.ts';
import { emergencies, lapsed, overdueReviews, timeToApprove } from './reports/flow.ts';
import { outsideScope } from './reports/outside.ts';
import { alwaysLongest, offHours, repeatRequesters, sameJustification } from './reports/requesters.ts';
import { exceptionRate, expiring, outstanding, unused } from './reports/standing.ts';
import type { Sources } from './sources.ts';

interface ReportKind {
  title: string;
  threshold: string;
  /** Whether what is flagged is told to somebody. The rest is for lists and digests. */
  alerts: boolean;
  rows(sources: Sources): Promise<readonly ReportRow[]>;
}

/** Where the server runs is where its people work, unless TZ says otherwise. */
const timeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** All reports of shared/research/exceptions.md, section 4. */
export const reportKinds: Readonly<Record<ReportName, ReportKind>> = {
  'exception-rate': {
    title: 'Exception rate of rules',
    threshold: 'more than 20 % of the devices that fail a rule, and 2 at least, are excepted: it may be too strict',
    alerts: true,
    rows: async (from) => exceptionRate(await from.tallies()),
  },
  outstanding: {
    title: 'Outstanding requests and exceptions',
    threshold: 'never; it is a list',
    alerts: false,
    rows: async (from) => outstanding(await from.all(), from.now),
  },
  expiring: {
    title: 'Exceptions that end within 24 hours or 7 days',
    threshold: 'never; it is a list',
    alerts: false,
    rows: async (from) => expiring(await from.all(), from.now),
  },
  unused: {
    title: 'Exceptions that nobody uses',
    threshold: 'no token was issued under it 48 hours after it began',
    alerts: false,
    rows: async (from) => unused(await from.all(), await from.used(), from.now),
  },
  'repeat-requesters': {
    title: 'People who ask for the same again and again',
    threshold: '3 requests or more of one person for one rule',
    alerts: true,
    rows: async (from) => repeatRequesters(await from.recent(), from.days),
  },
  'renewal-chains': {
    title: 'Exceptions that were renewed',
    threshold: 'more than 2 renewals',
    alerts: true,
    rows: async (from) => renewalChains(await from.links()),
  },
  'exception-debt': {
    title: 'How long devices under an exception now have been under exceptions',
    threshold: 'more than 30 days in all within a year',
    alerts: true,
    rows: async (from) => exceptionDebt(await from.spans(), from.now),
  },
  approvers: {
    title: 'How approvers decide',
    threshold: '20 decisions or more, of which more than 95 % approve, half of them in less than 10 seconds',
    alerts: true,
    rows: async (from) => approvers(await from.recent(), await from.votes()),
  },
  'reciprocal-pairs': {
    title: 'People who approve each other',
    threshold: '3 approvals or more each way',
    alerts: true,
    rows: async (from) => reciprocalPairs(await from.recent(), await from.votes()),
  },
  emergencies: {
    title: 'Emergencies',
    threshold: 'any, until it is reviewed',
    alerts: true,
    rows: async (from) => emergencies(await from.recent(), await from.reviews(), from.now),
  },
  'overdue-reviews': {
    title: 'Reviews that are overdue',
    threshold: 'any',
    alerts: true,
    rows: async (from) => overdueReviews(await from.reviews(), from.now),
  },
  'time-to-approve': {
    title: 'How long people wait for an approval',
    threshold: 'one in ten waits longer than 4 hours, of 5 approvals or more',
    alerts: true,
    rows: async (from) => timeToApprove(await from.recent()),
  },
  lapsed: {
    title: 'Requests that nobody answered',
    threshold: 'more than 15 %, of 5 requests or more',
    alerts: true,
    rows: async (from) => lapsed(await from.recent(), from.now),
  },
  'same-justification': {
    title: 'People who always give the same justification',
    threshold: 'more than 80 %, of 5 requests or more',
    alerts: true,
    rows: async (from) => sameJustification(await from.recent()),
  },
  'off-hours': {
    title: 'People who ask outside of working hours',
    threshold: 'more than 80 %, of 5 requests or more, on weekends or before 7 or after 19 where the server is',
    alerts: true,
    rows: async (from) => offHours(await from.recent(), timeZone()),
  },
  'always-longest': {
    title: 'People who always ask for the longest time',
    threshold: 'more than 80 %, of 5 requests or more',
    alerts: true,
    rows: async (from) => alwaysLongest(await from.recent(), await from.caps()),
  },
  'outside-scope': {
    title: 'Use of exceptions outside of their scope',
    threshold: 'any',
    alerts: true,
    rows: async (from) => outsideScope(await from.all(), await from.refusals()),
  },
};
