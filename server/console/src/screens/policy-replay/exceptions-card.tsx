import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';
import type { Summary } from './types.ts';

const words = t.policyReplay;

/** Exceptions that would end or stand idle, and new ones that people would have to ask for. */
export function ExceptionsCard({ exceptions: { void: ended, moot, needed } }: { exceptions: Summary['exceptions'] }) {
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
