import { NativeSelect, Stack } from '@mantine/core';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { t } from '../../strings/index.ts';
import { AllReports } from './all-reports.tsx';
import { Flags } from './flags.tsx';
import { OneReport } from './one-report.tsx';
import { daysOf, isReport, periods } from './reports.ts';

const words = t.analytics;

/** How exceptions are used and misused. */
export default function Analytics() {
  const { value, change } = useSearchState(['report', 'days', 'flags'] as const);
  const { report } = value;
  const days = daysOf(value.days);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      above={
        isReport(report) && (
          <AppLink to="/analytics" search={{ days: value.days }} size="sm">
            {words.allReports}
          </AppLink>
        )
      }
      actions={
        <NativeSelect
          size="xs"
          aria-label={words.period}
          value={days}
          onChange={({ currentTarget }) => change({ days: currentTarget.value })}
          data={periods.map((each) => ({ value: each, label: words.periods[each] }))}
        />
      }
    >
      {isReport(report) ? (
        <OneReport name={report} days={days} />
      ) : (
        <Stack gap="lg">
          <Flags state={value.flags === 'closed' ? 'closed' : 'open'} show={(flags) => change({ flags })} />
          <AllReports days={days} />
        </Stack>
      )}
    </Page>
  );
}
