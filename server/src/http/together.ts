let next: Promise<void> | undefined;

/**
 * The end of this turn of the loop. Requests that arrive in one turn are served side by side from there on: each step is done
 * for all of them before the next one is, their queries share a snapshot and their units a commit. Tables of the curve and
 * pages of the database are then at hand for all but the first: of the CPU of a token a tenth.
 */
export function together(): Promise<void> {
  next ??= new Promise((resolve) =>
    setImmediate(() => {
      next = undefined;
      resolve();
    }),
  );
  return next;
}
