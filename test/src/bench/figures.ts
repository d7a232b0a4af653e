export function medianOf<Each>(all: readonly Each[], of: (each: Each) => number): number {
  return all.map(of).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}

/** The median, and how far the rounds were apart. */
export function middle(figures: readonly number[]): { min: number; median: number; max: number } {
  return {
    min: round(Math.min(...figures), 2),
    median: round(
      medianOf(figures, (figure) => figure),
      2,
    ),
    max: round(Math.max(...figures), 2),
  };
}

export function round(figure: number, digits: number): number {
  return Number(figure.toFixed(digits));
}
