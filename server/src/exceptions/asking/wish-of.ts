import type { AccessRequest, ExceptionRequest } from '@postern/shared/protocol/exception';
import { fromTimestamp, parseDuration } from '@postern/shared/time';
import type { Sought } from './assess.ts';
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

/** The access that a person looks at before they ask for it. */
export function soughtAccess(request: Omit<AccessRequest, 'stepUp' | 'justification'>): Sought {
  const { resource, role, duration, startsAt, template, reasonCode, ticket } = request;
  return {
    kind: 'access',
    role,
    rules: [],
    resources: [resource],
    durationMs: parseDuration(duration) ?? 0,
    startsAt: startsAt === undefined ? null : fromTimestamp(startsAt),
    template,
    reasonCode,
    ticket,
  };
}
