/** From this score on a request counts as of that risk. Words for people; what conditions of templates ask for is the score. */
const from = { low: 0, medium: 30, high: 60 } as const;

export type RiskBand = keyof typeof from;

export function riskBand(score: number): RiskBand {
  return score >= from.high ? 'high' : score >= from.medium ? 'medium' : 'low';
}

/** Whether a score is of this band or a higher one. */
export function isOfRisk(score: number, band: RiskBand): boolean {
  return score >= from[band];
}
