import { Drawer } from '@mantine/core';
import type { ReviewDetail } from '@postern/shared/protocol/review';
import { useGet } from '../../api/queries.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import { t } from '../../strings/index.ts';
import { reviewText } from './review.ts';
import { ReviewFacts } from './review-facts.tsx';
import { ReviewForm } from './review-form.tsx';

/** One review, beside the list. The address names it, so that a mail can lead to it. */
export function ReviewDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { data, error, refetch } = useGet<ReviewDetail>(
    `/v1/admin/reviews/${id ?? ''}`,
    {},
    { enabled: id !== undefined },
  );
  const review = data?.id === id ? data : undefined;
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={review === undefined ? t.reviews.detail.title : reviewText(review)}
    >
      {review === undefined ? (
        <NotYet error={error} refetch={refetch} />
      ) : (
        <>
          <ReviewFacts review={review} />
          {review.mayDecide && <ReviewForm key={review.id} review={review} done={onClose} />}
        </>
      )}
    </Drawer>
  );
}
