import { basename } from 'node:path/posix';
import { isDeepStrictEqual } from 'node:util';
import type { AnswerTo, Call } from './calls.ts';
import { nothing, oneOf, type Bite, type Mutation, type Others } from './mutation.ts';
import { byKind } from './mutations-by-kind.ts';

export interface Spoilt {
  call: Call;
  mutation: Pick<Mutation<unknown>, 'name' | 'breaks'>;
}

/** What some question was answered, so that it can stand in another one's place. */
export interface OtherAnswer {
  of: string;
  text: string;
}

/** The text of an answer, where it is one. */
export function textOf(call: Call): OtherAnswer | undefined {
  const { of } = call;
  if (call.what === 'run' && call.answer.outcome === 'exited') return { of, text: call.answer.stdout };
  return call.what === 'readFile' && call.answer.outcome === 'read' ? { of, text: call.answer.text } : undefined;
}

/** To the same question on another machine. */
function isTheSame(one: string, other: string): boolean {
  return one === other || (one.startsWith('/') && !one.includes(' ') && basename(one) === basename(other));
}

/** The call with another answer, or undefined where the chosen mutation has nothing to bite into. */
export function spoil(call: Call, which: number, bite: Bite, all: readonly OtherAnswer[]): Spoilt | undefined {
  const others = (from: number) => {
    const turned = all.length === 0 ? 0 : from % all.length;
    const isOther = ({ of }: OtherAnswer) => !isTheSame(of, call.of);
    return (all.slice(turned).find(isOther) ?? all.find(isOther))?.text;
  };
  return spoilAs(call.what, call, which, bite, others);
}

function spoilAs<Kind extends Call['what']>(
  kind: Kind,
  call: Pick<Call, 'of' | 'answer'>,
  which: number,
  bite: Bite,
  others: Others,
): Spoilt | undefined {
  const mutation = oneOf<Mutation<AnswerTo<Kind>>>(byKind[kind], which);
  // The kind says of which type the answer is.
  const before = call.answer as AnswerTo<Kind>;
  const answer = mutation === undefined ? nothing : mutation.apply(before, bite, others);
  if (mutation === undefined || answer === nothing || isDeepStrictEqual(answer, before)) return undefined;
  return { call: { ...call, what: kind, answer } as Call, mutation };
}
