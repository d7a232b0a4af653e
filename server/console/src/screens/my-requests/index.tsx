import { Stack, Title } from '@mantine/core';
import { IconMoodCheck } from '@tabler/icons-react';
import type { OwnAccess } from '@postern/shared/protocol/access';
import type { ExceptionState, ExceptionView } from '@postern/shared/protocol/exception';
import { useGet } from '../../api/queries.ts';
import { ButtonLink } from '../../parts/app-link.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { PastRequests } from './past-requests.tsx';
import { RequestCard } from './request-card.tsx';

const words = t.mine.requests;

const open: ReadonlySet<ExceptionState> = new Set(['pending', 'scheduled', 'approved', 'active']);

/** What somebody asked for on all of their devices: what waits, what they have, and how the rest ended. */
export default function MyRequests() {
  const exceptions = useGet<{ items: ExceptionView[] }>('/v1/me/exceptions');
  const access = useGet<OwnAccess>('/v1/me/access');
  const error = exceptions.error ?? access.error;
  const refetch = () => Promise.all([exceptions.refetch(), access.refetch()]);
  return (
    <Page title={words.title} lead={words.lead} actions={<ButtonLink to="/me/ask">{words.ask}</ButtonLink>}>
      {exceptions.data !== undefined && access.data !== undefined ? (
        <Requests items={newestFirst([...exceptions.data.items, ...access.data.items])} />
      ) : (
        <NotYet error={error} refetch={refetch} />
      )}
    </Page>
  );
}

/** Access is in both lists, and each of them may be cut off. */
function newestFirst(items: readonly ExceptionView[]): ExceptionView[] {
  const once = new Map(items.map((each) => [each.id, each]));
  return [...once.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

function Requests({ items }: { items: readonly ExceptionView[] }) {
  const now = items.filter(({ state }) => open.has(state));
  const over = items.filter(({ state }) => !open.has(state));
  return (
    <Stack gap="lg">
      <Title order={2} size="h4">
        {words.open(now.length)}
      </Title>
      {now.length === 0 ? (
        <EmptyState icon={IconMoodCheck} title={words.none.title} text={words.none.text} />
      ) : (
        now.map((exception) => <RequestCard key={exception.id} exception={exception} />)
      )}
      <PastRequests items={over} />
    </Stack>
  );
}
