import { Tabs } from '@mantine/core';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { MyReviews } from './my-reviews.tsx';
import { ReviewDrawer } from './review-drawer.tsx';
import { ReviewTable } from './review-table.tsx';

const words = t.reviews;
const tabs = ['mine', 'open', 'decided'] as const;

/** What somebody looks at afterwards. */
export default function Reviews() {
  const { value, change } = useSearchState(['tab', 'review'] as const);
  const tab = tabs.find((each) => each === value.tab) ?? 'mine';
  const look = (review: string | undefined) => change({ review });
  return (
    <Page title={words.title} lead={words.lead}>
      <Tabs value={tab} onChange={(next) => change({ tab: next ?? undefined })} keepMounted={false}>
        <Tabs.List aria-label={words.tabs} mb="sm">
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {words[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="mine">
          <MyReviews look={look} />
        </Tabs.Panel>
        <Tabs.Panel value="open">
          <ReviewTable which="open" look={look} />
        </Tabs.Panel>
        <Tabs.Panel value="decided">
          <ReviewTable which="decided" look={look} />
        </Tabs.Panel>
      </Tabs>
      <ReviewDrawer id={value.review} close={() => look(undefined)} />
    </Page>
  );
}
