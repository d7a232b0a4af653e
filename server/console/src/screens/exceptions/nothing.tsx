import { IconClockShield, IconFilterOff } from '@tabler/icons-react';
import { AppLink } from '../../parts/app-link.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { t } from '../../strings/index.ts';
import type { Tab } from './query.ts';

const words = t.exceptions.empty;

const said = {
  active: { title: words.activeTitle, text: words.activeText },
  soon: { title: words.soonTitle, text: words.soonText },
  history: { title: words.historyTitle, text: words.historyText },
  all: { title: words.historyTitle, text: words.activeText },
} as const;

/** Why a list is empty, and where to look instead. */
export function Nothing({ tab, isFiltered }: { tab: Tab; isFiltered: boolean }) {
  if (isFiltered) return <EmptyState icon={IconFilterOff} title={words.filteredTitle} text={words.filteredText} />;
  const { title, text } = said[tab];
  return (
    <EmptyState icon={IconClockShield} title={title} text={text}>
      {tab !== 'history' && <AppLink to="/inbox">{words.toInbox}</AppLink>}
    </EmptyState>
  );
}
