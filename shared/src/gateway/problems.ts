import { type Clock, second } from '../time.ts';
import type { OnProblem, Problem } from './types.ts';

const quietMs = 10 * second;

/** The same problem with each of a thousand requests is told once in ten seconds; who was let in by way of exception, always. */
export function throttled(onProblem: OnProblem, clock: Clock): OnProblem {
  const toldAt = new Map<Problem['code'], number>();
  return (problem) => {
    const now = clock.now();
    if (problem.code !== 'allowed_unexpired' && now - (toldAt.get(problem.code) ?? -Infinity) < quietMs) return;
    toldAt.set(problem.code, now);
    try {
      onProblem(problem);
    } catch {
      // A log that fails lets nobody in and keeps nobody out.
    }
  };
}

export function warn({ code, message }: Problem): void {
  process.emitWarning(message, { type: 'PosternGatewayWarning', code });
}
