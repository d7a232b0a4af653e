/**
 * Work whose result is good for a while: so long that no more than a tenth of the time goes into it, however many ask. What is
 * quick is done for nearly everybody who asks, and so is as new as can be.
 *
 * @param clock milliseconds of real time, going up
 */
export function seldom<Result>(
  work: () => Promise<Result>,
  clock: () => number = () => performance.now(),
): () => Promise<Result> {
  let known: { result: Promise<Result>; until: number } | undefined;
  return () => {
    const began = clock();
    if (known !== undefined && began < known.until) return known.result;
    const result = work();
    const mine = (known = { result, until: Infinity });
    result.then(
      () => (mine.until = clock() + (clock() - began) * 9),
      () => (mine.until = 0),
    );
    return result;
  };
}
