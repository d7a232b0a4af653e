/** What drafts of policies and proposals of templates say alike. */
export const drafting = {
  looking: 'Looking at the text …',
  discardReason: 'Why (its authors read it)',
  wouldBe: (version: number, title: string) => `It would be version ${version}: ${title}`,
  unchanged: 'This is exactly what is in force.',
  approve: 'Approve',
  discard: 'Discard',
  discarded: 'Discarded. Nothing was changed.',
  approveTitle: (name: string) => `Put this text of ${name} into force?`,
  note: 'What changes, and why (approvers read it)',
  showDecided: 'Show decided ones, too',
  outdated: 'Outdated',
};
