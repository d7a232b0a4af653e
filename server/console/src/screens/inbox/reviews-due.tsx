import { Alert } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import type { ReviewView } from '@postern/shared/protocol/review';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { t } from '../../strings/index.ts';

/** Emergencies never wait in the inbox: what waits is somebody's look at them. */
export function ReviewsDue() {
  const { data } = useGet<{ items: ReviewView[] }>('/v1/me/reviews');
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  const overdue = items.filter(({ state }) => state === 'overdue').length;
  return (
    <Alert color={overdue > 0 ? 'red' : 'orange'} icon={<IconUrgent />} py="xs">
      {t.inbox.reviewsDue(items.length, overdue)}{' '}
      <AppLink to="/reviews" c="inherit">
        {t.inbox.toReviews}
      </AppLink>
    </Alert>
  );
}
