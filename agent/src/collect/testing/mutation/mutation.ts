/** Where and how a mutation bites. Each wraps around in what there is, so that every number is a good one. */
export interface Bite {
  where: number;
  how: number;
}

/**
 * `form`: what comes out says nothing that a machine would say, or the same as before. No reading may come out better.
 * `meaning`: it is a good answer of another machine (a digit is another one, a line is missing from a list that nothing
 * ends). It must end in a reading.
 */
export type Breaks = 'form' | 'meaning';

/** The text of an answer to some other question. */
export type Others = (which: number) => string | undefined;

/** There is nothing to bite into. */
export const nothing = Symbol('nothing');

export interface Mutation<Answer> {
  name: string;
  breaks: Breaks;
  apply: (answer: Answer, bite: Bite, others: Others) => Answer | typeof nothing;
}

export interface TextMutation {
  name: string;
  breaks: Breaks;
  /** Undefined where there is nothing to bite into. */
  apply: (text: string, bite: Bite, others: Others) => string | undefined;
}

/** One of them, and none of nothing. */
export function oneOf<Item>(items: readonly Item[], which: number): Item | undefined {
  return items.length === 0 ? undefined : items[which % items.length];
}
