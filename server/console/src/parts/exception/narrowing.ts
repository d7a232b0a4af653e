import type { ExceptionView } from '@postern/shared/protocol/exception';
import { durationText } from '../say-time.ts';

/** What an approver makes of a request: empty resources mean all. */
export interface Chosen {
  seconds: number;
  rules: readonly string[];
  resources: readonly string[];
  reason: string;
}

type Asked = Pick<ExceptionView, 'id' | 'requestHash' | 'durationSeconds' | 'rules' | 'resources'>;

/** What is sent with an approval, and what the proof for it is bound to: only what is less than was asked for is named. */
export function approvalOf(asked: Asked, { seconds, rules, resources, reason }: Chosen) {
  const cut = {
    ...(seconds < asked.durationSeconds ? { duration: durationText(seconds) } : {}),
    ...(isLess(rules, asked.rules) ? { rules: [...rules] } : {}),
    ...(isLess(resources, asked.resources) || (asked.resources.length === 0 && resources.length > 0)
      ? { resources: [...resources] }
      : {}),
  };
  const { id: exception, requestHash } = asked;
  const said = reason.trim() === '' ? {} : { reason: reason.trim() };
  return { body: { requestHash, ...cut, ...said }, about: { exception, requestHash, ...cut } };
}

function isLess(chosen: readonly string[], all: readonly string[]): boolean {
  return chosen.length > 0 && chosen.length < all.length;
}

const lengths = [900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800, 1_209_600, 2_592_000];

/** Lengths that an approver may choose from instead, the longest first. */
export function shorterThan(seconds: number): number[] {
  return lengths.filter((each) => each < seconds).toReversed();
}
