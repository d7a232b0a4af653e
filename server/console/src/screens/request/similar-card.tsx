import { Text } from '@mantine/core';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { Card } from '../../parts/card.tsx';
import { sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';
import { Briefs } from './briefs.tsx';
import { Counts, isNone } from './counts.tsx';

const words = t.request.similar;

/** How the like was decided before. */
export function SimilarCard({
  similar: { counts, usualSeconds, latest },
  isReader,
}: {
  similar: ExceptionEvidence['similar'];
  isReader: boolean;
}) {
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      {isNone(counts) ? (
        <Text size="sm">{words.none}</Text>
      ) : (
        <>
          <Counts counts={counts} />
          {usualSeconds !== null && <Text size="sm">{words.usual(sayLength(usualSeconds))}</Text>}
          {isReader ? (
            <Briefs items={latest} label={words.title} withPerson />
          ) : (
            <Text size="sm" c="dimmed">
              {words.hidden}
            </Text>
          )}
        </>
      )}
    </Card>
  );
}
