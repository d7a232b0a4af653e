import type { ExceptionRequest } from '@postern/shared/protocol/exception';
import { fromTimestamp, parseDuration } from '@postern/shared/time';
import type { Wish } from './new-request.ts';

/** What a person asks for, as it is decided on: each rule and resource once, times as instants. */
export function wishOf(request: Omit<ExceptionRequest, 'stepUp'>): Wish & { template: string | undefined } {
  const { rules, resources, duration, startsAt, justification, ticket, reasonCode, template } = request;
  return {
    kind: 'device',
    role: null,
    rules: [...new Set(rules)],
    resources: [...new Set(resources)],
    durationMs: parseDuration(duration) ?? 0,
    startsAt: startsAt === undefined ? null : fromTimestamp(startsAt),
    justification,
    ticket,
    reasonCode,
    template,
  };
}
