import type { ReportName } from '@postern/shared/protocol/analytics';

/** In which order and under which headings people look for them. Each report is in one. */
export const reportGroups = {
  rules: ['exception-rate', 'exception-debt', 'outstanding', 'expiring', 'unused', 'renewal-chains'],
  deciding: ['approvers', 'time-to-approve', 'lapsed', 'reciprocal-pairs', 'overdue-reviews'],
  people: ['repeat-requesters', 'same-justification', 'off-hours', 'always-longest'],
  alarms: ['emergencies', 'outside-scope'],
} as const satisfies Record<string, readonly ReportName[]>;

/** What its rows are compared by; undefined: it is a list, in which nothing is larger. */
export const measures: Readonly<Partial<Record<ReportName, string>>> = {
  'exception-rate': 'percent',
  'exception-debt': 'days',
  'renewal-chains': 'renewals',
  approvers: 'approvedPercent',
  'time-to-approve': 'p90Seconds',
  lapsed: 'percent',
  'reciprocal-pairs': 'there',
  'overdue-reviews': 'hoursLate',
  'repeat-requesters': 'requests',
  'same-justification': 'percent',
  'off-hours': 'percent',
  'always-longest': 'percent',
  'outside-scope': 'attempts',
};

/** How many days a report may look back, as the address has it. */
export const periods = ['7', '30', '90', '365'] as const;

/** Whether an address names a report. */
export function isReport(name: string | undefined): name is ReportName {
  return Object.values<readonly string[]>(reportGroups).some((names) => name !== undefined && names.includes(name));
}

/** As far back as the address says; 30 days where it says nothing that can be chosen. */
export function daysOf(text: string | undefined): (typeof periods)[number] {
  return periods.find((each) => each === text) ?? '30';
}
