/**
 * How often a costly property is tried. `npm test` tries it a few times with one seed, the same everywhere; `npm run proof properties`
 * sets POSTERN_TEST_TIMES and POSTERN_TEST_SEED, and tries it so many times as often.
 *
 * @param few the tries of the short form
 * @returns parameters for fast-check
 */
export function propertyRuns(few: number, seed = 20_261_121): { numRuns: number; seed: number } {
  const { POSTERN_TEST_TIMES: times, POSTERN_TEST_SEED: chosen } = process.env;
  return { numRuns: few * Number(times ?? 1), seed: Number(chosen ?? seed) };
}
