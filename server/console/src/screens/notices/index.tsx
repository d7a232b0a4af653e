import { Button, Center, SegmentedControl, Stack } from '@mantine/core';
import { IconBellCheck, IconChecks } from '@tabler/icons-react';
import type { NoticeView } from '@postern/shared/protocol/notice';
import { call } from '../../api/call.ts';
import { useAct, usePages } from '../../api/queries.ts';
import { ButtonLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { Notice } from './notice.tsx';

const words = t.notices;
const path = '/v1/me/notices';

const columns: readonly Column<NoticeView>[] = [
  { key: 'at', title: 'at', show: () => null, text: ({ at }) => at },
  { key: 'type', title: 'type', show: () => null, text: ({ type }) => type },
  { key: 'title', title: 'title', show: () => null, text: ({ title }) => title },
  { key: 'subject', title: 'subject', show: () => null, text: ({ subject }) => subject },
  { key: 'readAt', title: 'read_at', show: () => null, text: ({ readAt }) => readAt },
];

/** What somebody was told. */
export default function Notices() {
  const { value, change } = useSearchState(['unread']);
  const onlyUnread = value.unread === 'true';
  const query = onlyUnread ? { unread: 'true', limit: 50 } : { limit: 50 };
  const pages = usePages<NoticeView>(path, query);
  const reading = useAct((ids: readonly string[]) => call('POST', `${path}/read`, { ids }), [path]);
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = items.filter(({ readAt }) => readAt === null).map(({ id }) => id);
  const markAll = async () => {
    // The backend takes 500 at once.
    for (let from = 0; from < unread.length; from += 500) await reading.mutateAsync(unread.slice(from, from + 500));
  };
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <ButtonLink to="/me/account" variant="default" size="xs">
            {words.preferences}
          </ButtonLink>
          <CsvButton name="notices" columns={columns} path={path} query={query} />
          <Button
            size="xs"
            leftSection={<IconChecks size={14} />}
            disabled={unread.length === 0}
            loading={reading.isPending}
            onClick={() => void tellOutcome(markAll, words.marked)}
          >
            {words.markAll}
          </Button>
        </>
      }
    >
      <SegmentedControl
        maw={240}
        aria-label={words.show}
        data={[
          { value: 'false', label: words.all },
          { value: 'true', label: words.unread },
        ]}
        value={String(onlyUnread)}
        onChange={(next) => change({ unread: next === 'true' ? 'true' : undefined })}
      />
      {(pages.data === undefined || pages.error !== null) && <NotYet error={pages.error} refetch={pages.refetch} />}
      {pages.data !== undefined && items.length === 0 && (
        <Empty onlyUnread={onlyUnread} showAll={() => change({ unread: undefined })} />
      )}
      <Stack component="ul" gap="xs" p={0} m={0} aria-label={words.list}>
        {items.map((notice) => (
          <Notice key={notice.id} notice={notice} markRead={(id) => reading.mutate([id])} />
        ))}
      </Stack>
      {pages.hasNextPage && (
        <Center>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t.common.loadMore}
          </Button>
        </Center>
      )}
    </Page>
  );
}

function Empty({ onlyUnread, showAll }: { onlyUnread: boolean; showAll: () => void }) {
  if (!onlyUnread) return <EmptyState icon={IconBellCheck} title={words.none} text={words.noneText} />;
  return (
    <EmptyState icon={IconBellCheck} title={words.noneUnread} text={words.noneUnreadText}>
      <Button variant="default" onClick={showAll}>
        {words.showAll}
      </Button>
    </EmptyState>
  );
}
