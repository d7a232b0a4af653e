import { Badge, type MantineColor } from '@mantine/core';
import { type RiskBand, riskBand } from '@postern/shared/risk-band';
import { t } from '../../strings/index.ts';

const colors: Readonly<Record<RiskBand, MantineColor>> = { low: 'gray', medium: 'yellow', high: 'red' };

/** How risky it is to grant something: a word and the score. */
export function RiskSign({ score }: { score: number }) {
  const band = riskBand(score);
  return <Badge color={colors[band]}>{t.deciding.riskOf(t.deciding.risk[band], score)}</Badge>;
}
