import { Text } from '@mantine/core';
import type { AnalyticsReport } from '@postern/shared/protocol/analytics';
import { t } from '../../strings/index.ts';

const words = t.analytics;

/** When a row is flagged: who is flagged may know by what. */
export function Formula({ report: { threshold, days } }: { report: Pick<AnalyticsReport, 'threshold' | 'days'> }) {
  const isList = threshold.startsWith('never');
  return (
    <Text size="sm" c="dimmed">
      {[
        isList ? words.never : words.formulaText(threshold),
        words.lookback(days),
        isList ? '' : words.lookbackFlags,
        words.source,
      ]
        .filter(Boolean)
        .join(' ')}
    </Text>
  );
}
