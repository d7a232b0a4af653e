import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyReplay;

/** Exceptions that would end or stand idle, and new ones that people would have to ask for. */
export function ExceptionsCard({
  exceptions: { void: ended, moot, needed },
}: {
  exceptions: ReplaySummary['exceptions'];
}) {
  return (
    <Card title={words.exceptions}>
      <Facts
        facts={[
          [words.void, ended],
          [words.moot, moot],
          [words.needed, needed.mayAsk],
          [words.notInGroup, needed.notInGroup],
          [words.notAllowed, needed.notAllowed],
        ]}
      />
    </Card>
  );
}
