import { deciders } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AddressTabs } from '../../parts/address-tabs.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { MyReviews } from './my-reviews.tsx';
import { ReviewDrawer } from './review-drawer.tsx';
import { ReviewTable } from './review-table.tsx';

const words = t.reviews;

/** What somebody looks at afterwards. */
export default function Reviews() {
  const { value, change } = useSearchState(['review']);
  const isDecider = useIs(...deciders);
  const look = (review: string | undefined) => change({ review });
  return (
    <Page title={words.title} lead={words.lead}>
      <AddressTabs
        label={words.tabs}
        // Nothing is asked of who decides nothing.
        usual={isDecider ? 'mine' : 'open'}
        tabs={[
          ...(isDecider ? [{ name: 'mine', label: words.mine, content: <MyReviews look={look} /> }] : []),
          { name: 'open', label: words.open, content: <ReviewTable which="open" look={look} /> },
          { name: 'decided', label: words.decided, content: <ReviewTable which="decided" look={look} /> },
        ]}
      />
      <ReviewDrawer id={value.review} onClose={() => look(undefined)} />
    </Page>
  );
}
