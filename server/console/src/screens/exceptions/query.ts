import type { Query } from '../../api/call.ts';

/** The lists that there are, as the address has them. */
export const tabs = ['active', 'soon', 'history', 'all'] as const;
export type Tab = (typeof tabs)[number];

/** Whether an address names a list. */
export function isTab(text: string | undefined): text is Tab {
  return tabs.some((tab) => tab === text);
}

const dayMs = 86_400_000;

/** A rule that is not written to its end yet narrows nothing. */
const ruleForm = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;

/** What a tab asks the backend for, narrowed by the filters in the address. */
export function queryOf(tab: Tab, given: Readonly<Record<string, string | undefined>>, now: number): Query {
  const filters = ruleForm.test(given['rule'] ?? '') ? given : { ...given, rule: undefined };
  switch (tab) {
    case 'active':
      return { ...filters, standing: 'open', sort: 'ending' };
    case 'soon':
      return { ...filters, standing: 'open', sort: 'ending', endsBefore: new Date(now + dayMs).toISOString() };
    case 'history':
      return { ...filters, standing: 'over' };
    case 'all':
      return filters;
  }
}
