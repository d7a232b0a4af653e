import { Badge, Group } from '@mantine/core';
import type { HowTheyEnded } from '@postern/shared/protocol/evidence';
import { t } from '../../strings/index.ts';

const words = t.request.counts;

const colors = { denied: 'red', approved: 'green' } as const;

/** How so many requests ended: those that there are. */
export function Counts({ counts }: { counts: HowTheyEnded }) {
  const names = ['approved', 'denied', 'withoutApproval', 'withdrawn', 'unanswered', 'waiting'] as const;
  return (
    <Group gap={6}>
      {names
        .filter((name) => counts[name] > 0)
        .map((name) => (
          <Badge key={name} color={name in colors ? colors[name as keyof typeof colors] : 'gray'}>
            {words[name](counts[name])}
          </Badge>
        ))}
    </Group>
  );
}

/** Whether there is nothing to count. */
export function isNone(counts: HowTheyEnded): boolean {
  return Object.values(counts).every((count) => count === 0);
}
