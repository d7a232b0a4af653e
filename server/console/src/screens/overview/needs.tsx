import { Stack } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { Need } from '@postern/shared/protocol/overview';
import { Card } from '../../parts/card.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { t } from '../../strings/index.ts';
import { NeedItem } from './need-item.tsx';

const words = t.overview;

/** First what this person can do something about. */
export function Needs({ needs }: { needs: readonly Need[] }) {
  const mine = needs.filter(({ isMine }) => isMine);
  const others = needs.filter(({ isMine }) => !isMine);
  return (
    <Stack gap="lg">
      <Card title={words.needsYou}>
        {mine.length === 0 ? (
          <EmptyState icon={IconCircleCheck} title={words.calm} text={words.calmText} />
        ) : (
          <NeedList needs={mine} />
        )}
      </Card>
      {others.length > 0 && (
        <Card title={words.forOthers}>
          <NeedList needs={others} />
        </Card>
      )}
    </Stack>
  );
}

function NeedList({ needs }: { needs: readonly Need[] }) {
  return (
    <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
      {needs.map((need) => (
        <NeedItem key={need.kind} need={need} />
      ))}
    </Stack>
  );
}
